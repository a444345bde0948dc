"""One address of the matrix, and the answers that many addresses share."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    path: str
    get: str
    post: str
    data: dict[str, str] = field(default_factory=dict)


ALL_200 = "200 200 200 200 200 200 200"
ALL_302 = "302 302 302 302 302 302 302"
ALL_405 = "405 405 405 405 405 405 405"
VISITORS_200 = "200 302 302 302 302 302 200"
MEMBERS_200 = "login 200 200 200 200 200 login"
MEMBERS_302 = "login 302 302 302 302 302 login"
MEMBERS_404 = "login 404 404 404 404 404 login"
MEMBERS_405 = "login 405 405 405 405 405 login"
DESK_200 = "login 403 403 200 200 200 login"
DESK_302 = "login 403 403 302 302 302 login"
DESK_405 = "login 403 403 405 405 405 login"
SYSADMIN_200 = "login 403 403 403 403 200 login"
SYSADMIN_302 = "login 403 403 403 403 302 login"
SYSADMIN_405 = "login 403 403 403 403 405 login"
