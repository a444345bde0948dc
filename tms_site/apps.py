"""Application configurations of the project package."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig

from tms_site.bundles import PARTS


class TmsSiteConfig(AppConfig):
    """The project package as an application: its checks, template tags and tests."""

    name = "tms_site"
    verbose_name = "TMS"


class TmsAdminConfig(AdminConfig):
    """Django's admin with TMS's own site, whose log-in is that of the pages."""

    default_site = "tms_site.admin_site.TmsAdminSite"


class TmsStaticFilesConfig(StaticFilesConfig):
    """Static files without the parts of bundles, and without the variants of Bootstrap that no page names.

    Compressing those takes a minute.
    """

    ignore_patterns = (
        *StaticFilesConfig.ignore_patterns,
        *PARTS,
        "*.rtl.*",
        "bootstrap-grid*",
        "bootstrap-utilities*",
        "bootstrap-reboot.css*",
        "bootstrap.css*",
        "bootstrap.js*",
        "bootstrap.min.js*",
        "bootstrap.esm*",
        "bootstrap.bundle.js*",
    )
