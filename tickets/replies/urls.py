"""Addresses of canned replies, below /tickets/."""

from django.urls import path

from tickets.replies import views

urlpatterns = [
    path("replies/", views.RepliesView.as_view(), name="replies"),
    path("replies/new/", views.ReplyCreateView.as_view(), name="reply_create"),
    path("replies/<int:reply_id>/edit/", views.ReplyEditView.as_view(), name="reply_edit"),
    path("replies/<int:reply_id>/delete/", views.ReplyDeleteView.as_view(), name="reply_delete"),
    path("<int:ticket_id>/insert-reply/", views.ReplyInsertView.as_view(), name="reply_insert"),
]
