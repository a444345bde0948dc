"""Pages of the whole house."""

from tms_site.tests.matrix.row import (
    ALL_200,
    ALL_405,
    DESK_200,
    DESK_405,
    MEMBERS_200,
    MEMBERS_302,
    MEMBERS_405,
    Row,
)

ROWS = {
    "home": Row("/", MEMBERS_302, MEMBERS_405),
    "healthz": Row("/healthz", ALL_200, ALL_405),
    "readyz": Row("/readyz", ALL_200, ALL_405),
    "openapi": Row("/openapi.json", ALL_200, ALL_405),
    "api-docs": Row("/docs", ALL_200, ALL_405),
    "api-redoc": Row("/redoc", ALL_200, ALL_405),
    # From this machine, as the tests come; tms_site/observing/tests has the rest.
    "metrics": Row("/metrics", ALL_200, ALL_405),
    "permissions": Row("/permissions/", MEMBERS_200, MEMBERS_405),
    "dashboard": Row("/dashboard/", DESK_200, DESK_405),
}
