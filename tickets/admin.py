"""Tickets and comments in Django's admin: every write goes through the services, so the log knows who did it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as django_delete_selected
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.actors import request_user
from accounts.models import User
from tickets import services
from tickets.enums import Status
from tickets.fields import BlockField, DescriptionField, TitleField
from tickets.models import Comment, Ticket
from tickets.search import engine
from tickets.search.syntax import WORDS_MAX, parse
from tickets.services import UpdateResult
from tickets.sorting import admin as sorting_admin  # noqa: F401 - Django finds an application's admins only here
from tickets.sorting.fields import TagsField
from tickets.views.conflict import in_words
from tms_site.lib.admin import (
    ActivityHistoryMixin,
    DateHierarchyMixin,
    LookupAdmin,
    ServiceAdminMixin,
    VersionedForm,
    explained,
)
from tms_site.lib.edits import EditConflict
from tms_site.lib.transactions import write_transaction

TICKET_FIELDS = (
    "title", "description", "category", "priority", "status", "team", "assigned_agent", "resolution_date", "tags",
)  # fmt: skip
WORK_FIELDS = TICKET_FIELDS[2:]
NEW_TICKET_FIELDS = ("title", "description", "category", "priority", "requester", "team", "assigned_agent", "tags")
# So many people of a name are enough to go on with.
PEOPLE_MAX = 100
GONE = _("Somebody has deleted this meanwhile.")


def _found(request: HttpRequest, text: str) -> list[int]:
    actor = request_user(request)
    return engine.ranked(Ticket.objects.visible_to(actor), parse(text), actor).ids


def _by(field: str, text: str) -> Q:
    people = User.objects.filter(Q(username__icontains=text.strip()) | Q(email__icontains=text.strip()))
    return Q(**{f"{field}__in": list(people.values_list("pk", flat=True)[:PEOPLE_MAX])})


def _log_of(ticket_id: int) -> str:
    return f"{reverse('activity:list')}?ticket={ticket_id}"


class DescribedForm(VersionedForm):
    """A form with a long text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["description"].widget.attrs["class"] = "vLargeTextField"


class TicketForm(DescribedForm):
    """What a SysAdmin changes about a ticket."""

    title = TitleField(widget=forms.TextInput({"class": "vTextField"}))
    description = DescriptionField()
    tags = TagsField()

    class Meta:
        model = Ticket
        fields = (*(name for name in TICKET_FIELDS if name != "tags"), "requester")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "tags" in self.fields and self.instance.pk:
            self.initial["tags"] = self.instance.tags


class CommentForm(DescribedForm):
    """What a SysAdmin changes about a comment."""

    description = BlockField(label=_("Comment"))

    class Meta:
        model = Comment
        fields = ("ticket", "description")


class VersionedAdminMixin(ActivityHistoryMixin, DateHierarchyMixin, ServiceAdminMixin):
    """Forms that carry a version; deletions one by one through the service, all or none."""

    list_per_page = 50
    own_fields = ("version", "tags")

    @admin.action(description=_("Delete"), permissions=["delete"])
    def delete_selected(self: Any, request: HttpRequest, queryset: QuerySet[Model]) -> HttpResponse | None:
        """Ask first, then delete all in one transaction."""
        response: HttpResponse | None = write_transaction(django_delete_selected)(self, request, queryset)
        return response

    def delete_queryset(self: Any, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        """Delete each through the service."""
        for obj in queryset:
            self.delete_model(request, obj)


class CommentInline(admin.TabularInline):  # type: ignore[type-arg] # not subscriptable at run time
    """The conversation, to read; each comment has a page on which it's changed."""

    model = Comment
    fields = ("commented_by", "is_internal", "creation_date", "description")
    readonly_fields = fields
    ordering = ("pk",)
    extra = 0
    show_change_link = True
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        """Load the authors along."""
        return super().get_queryset(request).select_related("commented_by")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Comments are written on their own page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Comments are changed on their own page."""
        return False


@admin.register(Ticket)
class TicketAdmin(VersionedAdminMixin, LookupAdmin):
    """Search, open, change, resolve, assign and delete tickets."""

    form = TicketForm
    list_display = ("id", "title", "status", "priority", "requester", "assigned_agent", "creation_date", "updated_at")
    list_display_links = ("id", "title")
    list_filter = ("status", "priority", "category", "team", ("assigned_agent", admin.EmptyFieldListFilter))
    search_fields = ("=id",)  # what makes Django show the box; get_search_results knows better
    search_help_text = _("Search by number, words, or the requester's name or e-mail address")
    date_hierarchy = "creation_date"
    ordering = ("-pk",)
    autocomplete_fields = ("requester", "assigned_agent")
    readonly_fields = ("requester", "created_by", "creation_date", "updated_at")
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("title", "description", "version")}),
        (_("Work"), {"fields": WORK_FIELDS}),
        (_("Origin"), {"fields": ("requester", "created_by", "creation_date", "updated_at")}),
    )
    add_fieldsets: ClassVar[Any] = ((None, {"fields": NEW_TICKET_FIELDS}),)
    inlines = (CommentInline,)
    actions = ("resolve", "assign_to_me", "delete_selected")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Ticket], search_term: str
    ) -> tuple[QuerySet[Ticket], bool]:
        """Search as the lists do, and by people."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(Q(pk__in=_found(request, search_term)) | _by("requester", search_term)), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        """Return the tickets that the visitor may see; a ticket's page loads the description by itself."""
        tickets: QuerySet[Ticket] = (
            Ticket.objects.visible_to(request_user(request)).with_people().defer("description", "client_token")
        )
        return tickets

    def get_fieldsets(self, request: HttpRequest, obj: Ticket | None = None) -> Any:
        """Return the fields of a new ticket, or of one that exists."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Ticket | None = None) -> Any:
        """Whose ticket it is can be said only once."""
        return () if obj is None else super().get_readonly_fields(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Ticket | None) -> Any:
        """A new ticket has no conversation."""
        return () if obj is None else super().get_inlines(request, obj)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list, and tell that it was looked at."""
        response: HttpResponse = super().changelist_view(request, extra_context)
        if request.method == "GET" and response.status_code == HTTPStatus.OK:
            services.note_listed(actor=request_user(request))
        return response

    def render_change_form(  # noqa: PLR0917 - the arguments are Django's
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Ticket | None = None,
    ) -> HttpResponse:
        """Show the form, and tell that the ticket was looked at."""
        if request.method == "GET" and obj is not None:
            services.note_viewed(actor=request_user(request), ticket=obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: HttpRequest, obj: Ticket, form: Any, change: bool) -> None:
        """Open or change the ticket through the service."""
        actor, data = request_user(request), form.cleaned_data
        if not change:
            result = services.create_ticket(actor=actor, **{name: data[name] for name in NEW_TICKET_FIELDS})
            # The rest of the admin's page goes on with `obj`.
            obj.__dict__.update(result.ticket.__dict__)
            return
        changes = {name: data[name] for name in TICKET_FIELDS if name in data}
        if changes.get("resolution_date") is None:
            changes.pop("resolution_date", None)
        try:
            services.update_ticket(actor=actor, ticket_id=obj.pk, version=data["version"], changes=changes)
        except EditConflict as conflict:
            raise explained(conflict, in_words) from conflict
        except Ticket.DoesNotExist as error:
            raise ValidationError(GONE) from error

    def delete_model(self, request: HttpRequest, obj: Ticket) -> None:
        """Delete the ticket through the service; one that's gone already is as wanted."""
        with suppress(Ticket.DoesNotExist):
            services.delete_ticket(actor=request_user(request), ticket_id=obj.pk)

    def history_address(self, obj: Ticket) -> str:
        """Return where the log tells of the ticket."""
        return _log_of(obj.pk)

    @admin.action(description=_("Resolve"))
    def resolve(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        """Resolve the tickets and say what came of it."""
        actor = request_user(request)

        def resolve_one(ticket: Ticket) -> UpdateResult:
            return services.update_ticket(actor=actor, ticket_id=ticket.pk, changes={"status": Status.RESOLVED})

        self._each(request, queryset, resolve_one)

    @admin.action(description=_("Assign to me"))
    def assign_to_me(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        """Assign the tickets to the visitor and say what came of it."""
        actor = request_user(request)
        self._each(request, queryset, lambda ticket: services.assign_to_me(actor=actor, ticket_id=ticket.pk))

    def _each(self, request: HttpRequest, queryset: QuerySet[Ticket], change: Callable[[Ticket], UpdateResult]) -> None:
        changed = 0
        for ticket in queryset:
            # A ticket that somebody has just deleted needs no change any more.
            with suppress(Ticket.DoesNotExist):
                changed += bool(change(ticket).changes)
        text = ngettext("%(count)d ticket changed.", "%(count)d tickets changed.", changed) % {"count": changed}
        messages.success(request, text)


@admin.register(Comment)
class CommentAdmin(VersionedAdminMixin, LookupAdmin):
    """Search, write, change and delete comments."""

    form = CommentForm
    list_display = ("id", "ticket", "commented_by", "is_internal", "creation_date", "beginning")
    list_filter = ("is_internal",)
    search_fields = ("=ticket__id",)
    search_help_text = _("Search by ticket number, words, or the author's name or e-mail address")
    date_hierarchy = "creation_date"
    ordering = ("-pk",)
    autocomplete_fields = ("ticket",)
    list_select_related = ("ticket", "commented_by")
    readonly_fields = ("ticket", "commented_by", "is_internal", "creation_date", "edited_at")
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("ticket", "description", "version")}),
        (_("Origin"), {"fields": ("commented_by", "is_internal", "creation_date", "edited_at")}),
    )
    add_fieldsets: ClassVar[Any] = ((None, {"fields": ("ticket", "description")}),)
    actions = ("delete_selected",)

    @admin.display(description=_("comment"))
    def beginning(self, comment: Comment) -> str:
        """Return the first words."""
        return comment.description[:80]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Comment], search_term: str
    ) -> tuple[QuerySet[Comment], bool]:
        """Search among the comments of the tickets that a search finds, and by people."""
        if not search_term.strip():
            return queryset, False
        numbers = _found(request, search_term)
        here = Q(ticket__in=numbers)
        for word in search_term.split()[:WORDS_MAX]:
            here &= Q(description__icontains=word)
        query = parse(search_term)
        return queryset.filter(here | Q(ticket=query.number) | _by("commented_by", search_term)), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        """Return the comments that the visitor may see."""
        comments: QuerySet[Comment] = Comment.objects.visible_to(request_user(request))
        return comments

    def get_fieldsets(self, request: HttpRequest, obj: Comment | None = None) -> Any:
        """Return the fields of a new comment, or of one that exists."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Comment | None = None) -> Any:
        """On which ticket it stands can be said only once."""
        return () if obj is None else super().get_readonly_fields(request, obj)

    def save_model(self, request: HttpRequest, obj: Comment, form: Any, change: bool) -> None:
        """Write or change the comment through the service."""
        actor, data = request_user(request), form.cleaned_data
        text = data["description"]
        try:
            if change:
                version = data["version"]
                services.edit_comment(
                    actor=actor, ticket_id=obj.ticket_id, comment_id=obj.pk, description=text, version=version
                )
                return
            result = services.add_comment(actor=actor, ticket_id=data["ticket"].pk, description=text)
        except EditConflict as conflict:
            raise explained(conflict, in_words) from conflict
        except (Ticket.DoesNotExist, Comment.DoesNotExist) as error:
            raise ValidationError(GONE) from error
        # The rest of the admin's page goes on with `obj`.
        obj.__dict__.update(result.comment.__dict__)

    def delete_model(self, request: HttpRequest, obj: Comment) -> None:
        """Delete the comment through the service; one that's gone already is as wanted."""
        with suppress(Comment.DoesNotExist):
            services.delete_comment(actor=request_user(request), ticket_id=obj.ticket_id, comment_id=obj.pk)

    def history_address(self, obj: Comment) -> str:
        """Return where the log tells of the comment's ticket."""
        return _log_of(obj.ticket_id)
