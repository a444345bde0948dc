"""Application configurations of the project package."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class TmsSiteConfig(AppConfig):
    """The project package as an application: its checks, template tags and tests."""

    name = "tms_site"
    verbose_name = "TMS"


class TmsAdminConfig(AdminConfig):
    """Django's admin with TMS's own site, whose log-in is that of the pages."""

    default_site = "tms_site.admin_site.TmsAdminSite"
