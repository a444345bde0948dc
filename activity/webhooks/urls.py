"""Addresses below /webhooks/."""

from django.urls import path

from activity.webhooks import views

app_name = "webhooks"

urlpatterns = [
    path("", views.WebhooksView.as_view(), name="list"),
    path("new/", views.WebhookCreateView.as_view(), name="create"),
    path("<int:webhook_id>/", views.WebhookView.as_view(), name="detail"),
    path("<int:webhook_id>/edit/", views.WebhookEditView.as_view(), name="edit"),
    path("<int:webhook_id>/delete/", views.WebhookDeleteView.as_view(), name="delete"),
    path("<int:webhook_id>/secret/", views.WebhookSecretView.as_view(), name="secret"),
    path("<int:webhook_id>/test/", views.WebhookTestView.as_view(), name="test"),
    path("<int:webhook_id>/deliveries/<int:delivery_id>/again/", views.WebhookAgainView.as_view(), name="again"),
]
