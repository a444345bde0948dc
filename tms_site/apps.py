"""Application configurations of the project package."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.contrib.staticfiles.apps import StaticFilesConfig

from tms_site.bundles import PARTS


class TmsSiteConfig(AppConfig):
    """The project package as an application: its checks, template tags and tests."""

    name = "tms_site"
    verbose_name = "TMS"

    def ready(self) -> None:
        """Count log-ins for /metrics, and set the log up where it's written as JSON."""
        # These import models and views.
        from tms_site.observing import json_format, json_logs, metrics  # noqa: PLC0415

        user_logged_in.connect(metrics.on_logged_in, dispatch_uid="tms.metrics.logged_in")
        user_login_failed.connect(metrics.on_login_failed, dispatch_uid="tms.metrics.login_failed")
        if settings.LOG_FORMAT == "json":
            json_format.configure()
            json_logs.connect()


class TmsAdminConfig(AdminConfig):
    """Django's admin with TMS's own site, whose log-in is that of the pages."""

    default_site = "tms_site.admin_site.TmsAdminSite"


class TmsStaticFilesConfig(StaticFilesConfig):
    """Static files without the parts of bundles, and without the variants of packages' files that no page names.

    Compressing those takes a minute.
    """

    ignore_patterns = (
        *StaticFilesConfig.ignore_patterns,
        *PARTS,
        "*.rtl.*",
        "bootstrap-grid*",
        "bootstrap-utilities*",
        "bootstrap.css*",
        "bootstrap.js*",
        "bootstrap.min.js*",
        "bootstrap.esm*",
        "bootstrap.bundle.js*",
        "bootstrap-reboot.css*",
        "htmax-*",
        "htmx-4*",
        "htmx-2.js",
        "django_htmx/ext/*",
        "jquery.js",
        "select2.full.js",
        "xregexp.js",
    )
