"""Addresses of files, below /tickets/."""

from django.urls import path

from tickets.attachments import views

FILE = "<int:ticket_id>/attachments/<int:attachment_id>/"

urlpatterns = [
    path(FILE, views.AttachmentView.as_view(), name="attachment"),
    path(FILE + "preview/", views.AttachmentPreviewView.as_view(), name="attachment_preview"),
    path(FILE + "delete/", views.AttachmentDeleteView.as_view(), name="attachment_delete"),
]
