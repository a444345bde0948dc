"""The views that people keep: saving, changing, ordering, deleting them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from tickets import policies, services
from tickets.mixins import UNPROCESSABLE, FoundMixin, PersonRequest, attempt, status_of
from tickets.models import SavedView
from tickets.saved_view_forms import SavedViewForm
from tickets.services.saved_views import CHANGEABLE
from tms_site.lib.forms import render_form
from tms_site.lib.once import once
from tms_site.lib.permissions import require


class _ViewMixin(FoundMixin):
    """For pages about one's views; one that is somebody else's is answered like one that never was."""

    missing = (SavedView.DoesNotExist,)

    def get_view(self, view_id: int) -> SavedView:
        """Return the view, which the visitor may change; raises SavedView.DoesNotExist and PermissionDeniedError."""
        view = SavedView.objects.visible_to(self.request.user).get(pk=view_id)
        require(policies.can_change_view(self.request.user, view))
        return view

    def show_form(self, form: SavedViewForm, view: SavedView | None = None, status: int = 200) -> HttpResponse:
        """Render the form for a view."""
        return render_form(self.request, "tickets/view_form.html", {"form": form, "view": view}, status=status)


class SavedViewsView(_ViewMixin):
    """One's views and, for SysAdmins, the shared ones of others."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show them in the order of the rail."""
        views = SavedView.objects.visible_to(request.user).select_related("owner").in_order()
        shown = [
            {
                "view": view,
                "can_change": policies.can_change_view(request.user, view),
                "is_own": view.owner_id == request.user.pk,
            }
            for view in views
        ]
        return render(request, "tickets/views.html", {"views": shown})


class SavedViewCreateView(_ViewMixin):
    """Keeping the list that one looks at: its parameters come in this page's own address."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Ask for a name."""
        parameters = services.normalised(request.GET.urlencode())
        return self.show_form(SavedViewForm(initial={"parameters": parameters}, actor=request.user))

    def post(self, request: PersonRequest) -> HttpResponse:
        """Save the view and show it."""
        form = SavedViewForm(request.POST, actor=request.user)
        view = attempt(form, lambda: services.create_view(actor=request.user, **form.values()))
        if view is None:
            return self.show_form(form, status=UNPROCESSABLE)
        messages.success(request, gettext("The view “%(name)s” is saved.") % {"name": view.name})
        return redirect(view)


class SavedViewEditView(_ViewMixin):
    """Renaming a view, sharing it, giving it other filters."""

    def get(self, request: PersonRequest, view_id: int) -> HttpResponse:
        """Show the form; filters in this page's address take the place of the present ones."""
        view = self.get_view(view_id)
        initial = {name: getattr(view, name) for name in ("version", *CHANGEABLE)}
        if request.GET:
            initial["parameters"] = services.normalised(request.GET.urlencode())
        return self.show_form(SavedViewForm(initial=initial, actor=request.user), view)

    def post(self, request: PersonRequest, view_id: int) -> HttpResponse:
        """Change the view."""
        view = self.get_view(view_id)
        form = SavedViewForm(request.POST, actor=request.user)
        changed = attempt(
            form,
            lambda: services.change_view(
                actor=request.user, view_id=view_id, changes=form.values(), version=form.cleaned_data["version"]
            ),
        )
        if changed is None:
            return self.show_form(form, view, status=status_of(form))
        messages.success(request, gettext("The view “%(name)s” is saved.") % {"name": changed.name})
        return redirect("tickets:views")


class SavedViewMoveView(_ViewMixin):
    """Moving a view up or down."""

    @once("tickets:views")
    def post(self, request: PersonRequest, view_id: int) -> HttpResponse:
        """Move it by one place."""
        services.move_view(actor=request.user, view_id=view_id, up=request.POST.get("direction") == "up")
        return redirect("tickets:views")


class SavedViewDefaultView(_ViewMixin):
    """Choosing where TMS begins."""

    def post(self, request: PersonRequest, view_id: int) -> HttpResponse:
        """Make the view the default, or, when it's the default already, no view."""
        wanted = None if request.POST.get("default") == "off" else view_id
        services.set_default_view(actor=request.user, view_id=wanted)
        return redirect("tickets:views")


class SavedViewDeleteView(_ViewMixin):
    """Asks before a view is deleted."""

    def get(self, request: PersonRequest, view_id: int) -> HttpResponse:
        """Ask."""
        return render(request, "tickets/view_delete.html", {"view": self.get_view(view_id)})

    @once("tickets:views")
    def post(self, request: PersonRequest, view_id: int) -> HttpResponse:
        """Delete it."""
        services.delete_view(actor=request.user, view_id=view_id)
        messages.success(request, gettext("The view is deleted."))
        return redirect("tickets:views")
