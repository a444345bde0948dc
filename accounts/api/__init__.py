"""The API of people: tokens, sign-up, one's own account, and everybody's for SysAdmins."""

from accounts.api.signup import router as signup_router
from accounts.api.tokens import router as token_router
from accounts.api.users import router as users_router

__all__ = ["signup_router", "token_router", "users_router"]
