"""The ticket pages. Each asks in the same order: policy of the page, object from visible_to, policy, form, service."""

from tickets.views.again import ResolveAgainView
from tickets.views.assignment import AssignMeView, UnassignView
from tickets.views.comments import CommentAddView, CommentDeleteView, CommentEditView, CommentPublishView
from tickets.views.create import CreateView
from tickets.views.delete import DeleteView
from tickets.views.detail import DetailView
from tickets.views.edit import EditView
from tickets.views.export import ExportView
from tickets.views.lists import AssignedListView, CountsView, TicketListView
from tickets.views.palette import PaletteView
from tickets.views.people import PeopleView
from tickets.views.saved import (
    SavedViewCreateView,
    SavedViewDefaultView,
    SavedViewDeleteView,
    SavedViewEditView,
    SavedViewMoveView,
    SavedViewsView,
)
from tickets.views.similar import SimilarView

__all__ = [
    "AssignMeView",
    "AssignedListView",
    "CommentAddView",
    "CommentDeleteView",
    "CommentEditView",
    "CommentPublishView",
    "CountsView",
    "CreateView",
    "DeleteView",
    "DetailView",
    "EditView",
    "ExportView",
    "PaletteView",
    "PeopleView",
    "ResolveAgainView",
    "SavedViewCreateView",
    "SavedViewDefaultView",
    "SavedViewDeleteView",
    "SavedViewEditView",
    "SavedViewMoveView",
    "SavedViewsView",
    "SimilarView",
    "TicketListView",
    "UnassignView",
]
