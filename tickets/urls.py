"""Addresses below /tickets/."""

from django.urls import path

from tickets import views
from tickets.attachments import urls as attachment_urls
from tickets.bulk import views as bulk_views
from tickets.drafts import views as draft_views
from tickets.handing.views import HandOverView
from tickets.leaving.views import LeavingView
from tickets.links import views as link_views
from tickets.merging import views as merge_views
from tickets.mine.views import MineView
from tickets.presence import views as presence_views
from tickets.ratings.views import RateView
from tickets.replies import urls as reply_urls
from tickets.sorting.views import TagsView
from tickets.trash import views as trash_views
from tickets.watching import views as watching_views

app_name = "tickets"

urlpatterns = [
    path("", views.TicketListView.as_view(), name="list"),
    path("mine/", MineView.as_view(), name="mine"),
    path("assigned/", views.AssignedListView.as_view(), name="assigned"),
    path("export.csv", views.ExportView.as_view(), name="export"),
    path("counts/", views.CountsView.as_view(), name="counts"),
    path("similar/", views.SimilarView.as_view(), name="similar"),
    path("palette/", views.PaletteView.as_view(), name="palette"),
    path("tags/", TagsView.as_view(), name="tags"),
    path("people/", views.PeopleView.as_view(), name="people"),
    path("views/", views.SavedViewsView.as_view(), name="views"),
    path("views/new/", views.SavedViewCreateView.as_view(), name="view_create"),
    path("views/<int:view_id>/edit/", views.SavedViewEditView.as_view(), name="view_edit"),
    path("views/<int:view_id>/move/", views.SavedViewMoveView.as_view(), name="view_move"),
    path("views/<int:view_id>/default/", views.SavedViewDefaultView.as_view(), name="view_default"),
    path("views/<int:view_id>/delete/", views.SavedViewDeleteView.as_view(), name="view_delete"),
    path("bulk/", bulk_views.BulkView.as_view(), name="bulk"),
    path("bulk/<int:run_id>/", bulk_views.BulkResultView.as_view(), name="bulk_result"),
    path("bulk/<int:run_id>/undo/", bulk_views.BulkUndoView.as_view(), name="bulk_undo"),
    path("leaving/", LeavingView.as_view(), name="leaving"),
    path("trash/", trash_views.TrashView.as_view(), name="trash"),
    path("trash/<int:ticket_id>/", trash_views.TrashedTicketView.as_view(), name="trashed"),
    path("trash/<int:ticket_id>/restore/", trash_views.RestoreView.as_view(), name="restore"),
    path("new/", views.CreateView.as_view(), name="create"),
    path("new/draft/", draft_views.NewDraftView.as_view(), name="new_draft"),
    path("new/draft/discard/", draft_views.NewDraftDiscardView.as_view(), name="new_draft_discard"),
    path("<int:ticket_id>/draft/", draft_views.DraftView.as_view(), name="draft"),
    path("<int:ticket_id>/draft/discard/", draft_views.DraftDiscardView.as_view(), name="draft_discard"),
    path("<int:ticket_id>/", views.DetailView.as_view(), name="detail"),
    path("<int:ticket_id>/edit/", views.EditView.as_view(), name="edit"),
    path("<int:ticket_id>/delete/", views.DeleteView.as_view(), name="delete"),
    path("<int:ticket_id>/assign-me/", views.AssignMeView.as_view(), name="assign_me"),
    path("<int:ticket_id>/hand-over/", HandOverView.as_view(), name="hand_over"),
    path("<int:ticket_id>/unassign/", views.UnassignView.as_view(), name="unassign"),
    path("<int:ticket_id>/resolve-again/", views.ResolveAgainView.as_view(), name="resolve_again"),
    path("mentions/", watching_views.MentionsView.as_view(), name="mentions"),
    path("<int:ticket_id>/watch/", watching_views.WatchView.as_view(), name="watch"),
    path("<int:ticket_id>/presence/", presence_views.PresenceView.as_view(), name="presence"),
    path("<int:ticket_id>/news/", presence_views.NewsView.as_view(), name="news"),
    path("<int:ticket_id>/links/", link_views.LinkAddView.as_view(), name="link_add"),
    path("<int:ticket_id>/links/<int:link_id>/remove/", link_views.LinkRemoveView.as_view(), name="link_remove"),
    path("<int:ticket_id>/merge/", merge_views.MergeView.as_view(), name="merge"),
    path("<int:ticket_id>/merges/<int:merge_id>/undo/", merge_views.MergeUndoView.as_view(), name="merge_undo"),
    path("<int:ticket_id>/comments/<int:comment_id>/split/", merge_views.SplitView.as_view(), name="split"),
    path("<int:ticket_id>/follow-up/", link_views.FollowUpView.as_view(), name="follow_up"),
    path("<int:ticket_id>/rate/", RateView.as_view(), name="rate"),
    path("<int:ticket_id>/comments/", views.CommentAddView.as_view(), name="comment_add"),
    path("<int:ticket_id>/comments/<int:comment_id>/edit/", views.CommentEditView.as_view(), name="comment_edit"),
    path(
        "<int:ticket_id>/comments/<int:comment_id>/publish/", views.CommentPublishView.as_view(), name="comment_publish"
    ),
    path("<int:ticket_id>/comments/<int:comment_id>/delete/", views.CommentDeleteView.as_view(), name="comment_delete"),
    *attachment_urls.urlpatterns,
    *reply_urls.urlpatterns,
]
