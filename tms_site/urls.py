"""The addresses of TMS."""

from django.contrib import admin
from django.urls import include, path

from tickets.figures.views import DashboardView
from tms_site import api, openapi, views
from tms_site.observing import views as observing_views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", observing_views.metrics, name="metrics"),
    path("accounts/", include("accounts.urls")),
    path("tickets/", include("tickets.urls")),
    path("tickets/<int:ticket_id>/", include("activity.timeline.urls")),
    path("dashboard/", DashboardView.as_view(), name="dashboard"),
    path("activity/", include("activity.urls")),
    path("webhooks/", include("activity.webhooks.urls")),
    path("permissions/", views.permissions, name="permissions"),
    path("admin/", admin.site.urls),
    path("api/v1/", api.patterns()),
    path("openapi.json", openapi.openapi_json, name="openapi"),
    path("docs", openapi.swagger, name="api-docs"),
    path("redoc", openapi.redoc, name="api-redoc"),
]

handler400 = "tms_site.views.bad_request"
handler403 = "tms_site.views.permission_denied"
handler404 = "tms_site.views.page_not_found"
handler500 = "tms_site.views.server_error"
