"""Addresses of timelines, below /tickets/<ticket_id>/."""

from django.urls import path

from activity.timeline import views

app_name = "timeline"

urlpatterns = [
    path("thread/", views.ThreadView.as_view(), name="thread"),
    path("print/", views.PrintView.as_view(), name="print"),
]
