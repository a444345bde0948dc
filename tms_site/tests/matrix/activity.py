"""The activity log."""

from tms_site.tests.matrix.row import (
    SYSADMIN_200,
    SYSADMIN_302,
    SYSADMIN_405,
    Row,
)

ROWS = {
    "activity:list": Row("/activity/", SYSADMIN_200, SYSADMIN_405),
    "activity:export": Row("/activity/export.csv", SYSADMIN_200, SYSADMIN_405),
    "activity:user": Row("/activity/users/{user}/", SYSADMIN_200, SYSADMIN_405),
    "activity:entry": Row("/activity/{entry}/", SYSADMIN_200, SYSADMIN_405),
    "activity:purge": Row(
        "/activity/purge/", SYSADMIN_200, SYSADMIN_302, {"before": "2020-01-01", "user": "", "confirm": "on"}
    ),
}
