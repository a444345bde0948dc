"""Log-in, sign-up and one's own account."""

from tms_site.tests.matrix.row import (
    ALL_200,
    ALL_302,
    ALL_405,
    MEMBERS_200,
    MEMBERS_302,
    MEMBERS_404,
    MEMBERS_405,
    VISITORS_200,
    Row,
)

PASSWORD = "Hello123."
NEW_PASSWORD = {"password1": "Unheard-of-1", "password2": "Unheard-of-1"}

ROWS = {
    "account_profile": Row(
        "/accounts/profile/", MEMBERS_200, MEMBERS_302, {"username": "Kite", "time_zone": "UTC", "theme": "dark"}
    ),
    "account_email": Row("/accounts/email/", MEMBERS_302, MEMBERS_405),
    "account_login": Row(
        "/accounts/login/", VISITORS_200, ALL_302, {"login": "owner@example.com", "password": PASSWORD}
    ),
    "account_logout": Row("/accounts/logout/", "302 200 200 200 200 200 302", ALL_302),
    "account_inactive": Row("/accounts/inactive/", ALL_200, ALL_405),
    "account_signup": Row(
        "/accounts/signup/",
        VISITORS_200,
        ALL_302,
        {"email": "new@example.com", "password1": "Unheard-of-1", "username": "Kite"},
    ),
    "account_reauthenticate": Row("/accounts/reauthenticate/", MEMBERS_200, MEMBERS_302, {"password": PASSWORD}),
    "account_email_verification_sent": Row("/accounts/confirm-email/", ALL_200, ALL_405),
    "account_confirm_email": Row("/accounts/confirm-email/abc:def/", ALL_200, "404 404 404 404 404 404 404"),
    "account_change_password": Row(
        "/accounts/password/change/", MEMBERS_200, MEMBERS_302, {"oldpassword": PASSWORD, **NEW_PASSWORD}
    ),
    "account_set_password": Row("/accounts/password/set/", MEMBERS_302, MEMBERS_302, NEW_PASSWORD),
    "account_reset_password": Row("/accounts/password/reset/", ALL_200, ALL_302, {"email": "owner@example.com"}),
    "account_reset_password_done": Row("/accounts/password/reset/done/", ALL_200, ALL_405),
    "account_reset_password_from_key": Row("/accounts/password/reset/key/1-abc/", ALL_200, ALL_200, NEW_PASSWORD),
    "account_reset_password_from_key_done": Row("/accounts/password/reset/key/done/", ALL_200, ALL_405),
    "account_tokens": Row(
        "/accounts/tokens/", MEMBERS_200, MEMBERS_200, {"name": "Kite", "scope": "read", "days": "30"}
    ),
    # Nobody's token: one's own is another test's business (accounts/tokens/tests/test_pages.py).
    "account_token_revoke": Row("/accounts/tokens/1/revoke/", MEMBERS_404, MEMBERS_404),
    "usersessions_list": Row("/accounts/sessions/", MEMBERS_200, MEMBERS_302),
    "account_session_end": Row(
        "/accounts/sessions/{session}/end/", MEMBERS_405, "login 302 404 404 404 404 login", {"client_token": "abc"}
    ),
    # Nobody here has a second factor yet; setting one up asks for the password again.
    "mfa_index": Row("/accounts/2fa/", MEMBERS_200, MEMBERS_405),
    "mfa_authenticate": Row("/accounts/2fa/authenticate/", ALL_302, ALL_302),
    "mfa_reauthenticate": Row("/accounts/2fa/reauthenticate/", MEMBERS_302, MEMBERS_302),
    "mfa_activate_totp": Row("/accounts/2fa/totp/activate/", MEMBERS_302, MEMBERS_302),
    "mfa_deactivate_totp": Row("/accounts/2fa/totp/deactivate/", MEMBERS_404, MEMBERS_404),
    "mfa_view_recovery_codes": Row("/accounts/2fa/recovery-codes/", MEMBERS_404, MEMBERS_405),
    "mfa_generate_recovery_codes": Row("/accounts/2fa/recovery-codes/generate/", MEMBERS_302, MEMBERS_302),
    "mfa_download_recovery_codes": Row("/accounts/2fa/recovery-codes/download/", MEMBERS_404, MEMBERS_404),
}
