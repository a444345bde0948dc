"""Forms about oneself: sign-up, log-in, second factor, forgotten password, profile."""

from __future__ import annotations

from typing import Any, cast

from allauth.account import app_settings
from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.app_settings import EmailVerificationMethod
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.enums import Role, Theme
from accounts.limits import count_try
from accounts.models import User
from accounts.passwords import PASSWORD_MAX_LENGTH, validate_new_password
from accounts.services.second_factor import use_code
from accounts.time_zones import TimeZoneField
from tms_site.lib.edits import EditConflict
from tms_site.lib.fields import TOO_LONG, VersionField, empty_messages, refuse_nul_once
from tms_site.lib.forms import SubmissionForm
from tms_site.lib.text import validate_text

# What the sign-up form asks for and the model validates.
SIGNUP_FIELDS = ("email", "username")
CHOICES: dict[str, type[Role | Theme]] = {"role": Role, "theme": Theme}


class LoginForm(allauth_forms.LoginForm):
    """E-mail address and password, under allauth's names `login` and `password`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_address(self.fields["login"])
        self.fields["password"].error_messages["required"] = gettext("Enter your password.")
        _bound_password(self.fields["password"])

    def clean_login(self) -> str:
        """Return the address in the spelling of the account, under which allauth keeps what it knows about it."""
        return _stored_spelling(super().clean_login())


class CodeOnceMixin:
    """A form that takes each code of an app once, on the pages and in the API together."""

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].error_messages["required"] = gettext("Enter the code.")

    def clean_code(self: Any) -> str:
        """Return the code if it's right and new; a wrong one counts for its machine too. Raises ValidationError."""
        tried = count_try(context.request)
        code: str = super().clean_code()  # type: ignore[misc] # the form that this is mixed into has it
        factor = self.authenticator
        if factor.type == Authenticator.Type.TOTP and not use_code(self.user, code):
            self._emit_authentication_failed(factor)
            raise get_factor_adapter().validation_error("incorrect_code")
        tried.rollback()
        return code


class AuthenticateForm(CodeOnceMixin, factor_forms.AuthenticateForm):
    """Asks for the code at log-in."""


class ReauthenticateForm(CodeOnceMixin, factor_forms.ReauthenticateForm):
    """Asks for the code before something that matters."""


class SignupForm(allauth_forms.SignupForm):
    """A Requester's own account: `email`, `password1`, and `username`, the name shown."""

    field_order = ("username", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"] = forms.CharField(
            label=_("Your name"),
            help_text=_("The name that others see. Without one it's what stands before the @ of your address."),
            max_length=150,
            required=False,
            validators=[validate_text],
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            error_messages={"max_length": TOO_LONG},
        )
        refuse_nul_once(self.fields["username"])
        _name_address(self.fields["email"])
        self.fields["password1"].error_messages["required"] = gettext("Choose a password.")
        _bound_password(self.fields["password1"])
        self.order_fields(self.field_order)

    def clean_username(self) -> str:
        """Return the name as it was typed: names need not be unique."""
        name: str = self.cleaned_data["username"]
        return name

    def validate_unique_email(self, value: str) -> str:
        """Note whether the address is somebody's already, in any spelling.

        Where addresses are verified the visitor isn't told: a mail tells the owner instead (docs/security.md, row 15).
        Where they aren't, the visitor has to be told, as there is no other way to go on.
        """
        self.account_already_exists = User.objects.with_email(value).exists()
        if self.account_already_exists and not addresses_are_verified():
            raise get_adapter().validation_error("email_taken")
        return value

    def clean(self) -> dict[str, Any]:
        """Check the fields as the model does, and the password against them."""
        data: dict[str, Any] = super().clean()
        if self.errors:
            return data
        user = User(email=data["email"], username=data["username"] or data["email"].partition("@")[0])
        try:
            user.clean_fields(exclude={field.name for field in User._meta.fields} - set(SIGNUP_FIELDS))
        except ValidationError as error:
            self._blame(error, named=bool(data["username"]))
            return data
        try:
            validate_new_password(data["password1"], user)
        except ValidationError as error:
            self.add_error("password1", error)
        return data

    def _blame(self, error: ValidationError, *, named: bool) -> None:
        # Without a name the address serves as one: what's wrong with it is wrong with the address then.
        for field, errors in error.error_dict.items():
            self.add_error(field if named else "email", errors)

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponseBase | None]:
        """Register the person, or act as if when the address is somebody's already; takes as long in both cases."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        saved: tuple[User | None, HttpResponseBase | None]
        try:
            saved = super().try_save(request)
        except ValidationError:
            # Somebody took the address between the check and now.
            if not addresses_are_verified():
                return None, redirect("account_login")
            self.account_already_exists = True
            saved = super().try_save(request)
        return saved

    def save(self, request: HttpRequest) -> User:
        """Register the person; the service also writes the row in which allauth keeps the address."""
        adapter = get_adapter()
        user: User = adapter.save_user(request, adapter.new_user(request), self)
        return user


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Asks for a link to set a new password. The link goes to the address of the account, not to what was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_address(self.fields["email"])

    def clean_email(self) -> str:
        """Find the user; the answer is the same when there's none."""
        typed: str = self.cleaned_data["email"]
        self.users = list(User.objects.active().with_email(typed))
        return self.users[0].email if self.users else typed


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """One's present password, and twice a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self.fields["oldpassword"], gettext("Current password"), gettext("Enter your current password."))
        _name_new_password(self)


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):
    """Twice a new password, for whoever has followed a link to set one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_new_password(self)


class PasswordAgainForm(allauth_forms.ReauthenticateForm):
    """Asks for the password before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].error_messages["required"] = gettext("Enter your password.")


class ProfileForm(forms.ModelForm, SubmissionForm):  # type: ignore[type-arg] # not subscriptable at run time
    """What everybody may change about themself."""

    class Meta:
        model = User
        fields = ("username", "time_zone", "theme", "shortcuts", "is_away")
        labels = {"username": _("Your name"), "shortcuts": _("Use single-key shortcuts"), "is_away": _("I'm away")}  # noqa: RUF012 - the name is Django's
        help_texts = {  # noqa: RUF012 - as above
            "is_away": _("While you're away, tickets for “whoever of the team has least to do” go to others.")
        }
        widgets = {"username": forms.TextInput(attrs={"autocomplete": "name"})}  # noqa: RUF012 - as above
        error_messages = {  # noqa: RUF012 - as above
            "username": {"max_length": TOO_LONG, **empty_messages(_("Enter your name."))},
            "theme": {"required": _("Choose a theme.")},
        }

    version = VersionField()
    time_zone = TimeZoneField(help_text=_("Times are shown in this zone."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        if not policies.can_be_away(self.instance):
            del self.fields["is_away"]
        cast("TimeZoneField", self.fields["time_zone"]).keep(self.instance.time_zone)

    def changes(self) -> dict[str, Any]:
        """Return the values for `update_profile`."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}

    def show_conflict(self, conflict: EditConflict) -> None:
        """Say at its field what somebody else has made of it, and keep what was typed.

        The form goes on from the stored version: sent again, it's meant whatever the others have saved, and what its
        author didn't change is theirs.
        """
        mine = {each.name for each in conflict.conflicts} | set(conflict.unsaved)
        data = {name: self.data[name] for name in self.data}
        data |= {name: conflict.current[name] for name in self.Meta.fields if name in self.fields and name not in mine}
        self.data = data | {"version": conflict.current_version}
        words = gettext("Somebody else has set this to “%(theirs)s” meanwhile. Choose one, and save again.")
        for each in conflict.conflicts:
            self.add_error(each.name, words % {"theirs": in_words(each.name, each.theirs)})


def in_words(name: str, value: Any) -> str:
    """Return a value of a user's field as people read it."""
    choices = CHOICES.get(name)
    if choices is not None:
        return str(choices(value).label)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(value)


def _stored_spelling(email: str) -> str:
    user = User.objects.with_email(email).only("email").first()
    return user.email if user else email


def addresses_are_verified() -> bool:
    """Tell whether one must open a link in a mail before one can log in."""
    return bool(app_settings.EMAIL_VERIFICATION == EmailVerificationMethod.MANDATORY)


def _name(field: forms.Field, label: str, missing: str) -> None:
    field.label = label
    field.error_messages["required"] = missing
    if "placeholder" in field.widget.attrs:
        field.widget.attrs["placeholder"] = label


def _name_new_password(form: forms.Form) -> None:
    _name(form.fields["password1"], gettext("New password"), gettext("Enter a new password."))
    _name(form.fields["password2"], gettext("New password (again)"), gettext("Enter the new password again."))


def _name_address(field: forms.Field) -> None:
    _name(field, gettext("E-mail address"), gettext("Enter your e-mail address."))
    field.error_messages["invalid"] = _("Enter a valid e-mail address.")


def _bound_password(field: forms.Field) -> None:
    field.validators.append(MaxLengthValidator(PASSWORD_MAX_LENGTH))
    field.widget.attrs["maxlength"] = str(PASSWORD_MAX_LENGTH)


def send_password_link(request: HttpRequest, user: User) -> bool:
    """Send the user a link to set a new password, the same that a forgotten password brings.

    Returns:
        whether it was sent: an inactive account gets no mail, as it couldn't use the link.
    """
    if not user.is_active:
        return False
    form = ResetPasswordForm(data={"email": user.email})
    # After the commit of a test or of a command, allauth would not know the request.
    with context.request_context(request):
        if not form.is_valid():
            return False
        form.save(request)
    return True
