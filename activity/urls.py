"""Addresses below /activity/."""

from django.urls import path

from activity import views

app_name = "activity"

urlpatterns = [
    path("", views.LogView.as_view(), name="list"),
    path("export.csv", views.ExportView.as_view(), name="export"),
    path("purge/", views.PurgeView.as_view(), name="purge"),
    path("users/<int:user_id>/", views.UserLogView.as_view(), name="user"),
    path("<int:entry_id>/", views.EntryView.as_view(), name="entry"),
]
