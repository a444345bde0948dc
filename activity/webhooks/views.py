"""The pages on which SysAdmins keep webhooks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from accounts.mixins import RoleRequiredMixin
from activity import policies
from activity.outbox.worker import do_now
from activity.webhooks import services
from activity.webhooks.forms import WebhookForm
from activity.webhooks.handlers import HANDLERS
from activity.webhooks.models import Webhook, WebhookDelivery
from tickets.mixins import UNPROCESSABLE, FoundMixin, PersonRequest, attempt, status_of
from tms_site.lib.forms import render_form
from tms_site.lib.once import once

DELIVERIES_SHOWN = 50


class _WebhookView(RoleRequiredMixin, FoundMixin):
    required = policies.can_manage_webhooks
    missing = (Webhook.DoesNotExist, WebhookDelivery.DoesNotExist)

    def get_webhook(self) -> Webhook:
        """Return the webhook of the address; raises Webhook.DoesNotExist."""
        return Webhook.objects.visible_to(self.request.user).get(pk=self.kwargs["webhook_id"])

    def show_form(self, form: WebhookForm, webhook: Webhook | None = None, status: int = 200) -> HttpResponse:
        """Render the form of a webhook."""
        return render_form(self.request, "webhooks/form.html", {"form": form, "webhook": webhook}, status=status)


class WebhooksView(_WebhookView):
    """All webhooks."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show them."""
        webhooks = Webhook.objects.visible_to(request.user).order_by("name", "pk")
        return render(request, "webhooks/list.html", {"webhooks": webhooks})


class WebhookCreateView(_WebhookView):
    """A new webhook."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the form."""
        return self.show_form(WebhookForm())

    def post(self, request: PersonRequest) -> HttpResponse:
        """Register it, and show it with its secret."""
        form = WebhookForm(request.POST)
        webhook = attempt(
            form,
            lambda: services.create_webhook(
                actor=request.user, values=form.values(), client_token=form.cleaned_data["client_token"]
            ),
        )
        if webhook is None:
            return self.show_form(form, status=UNPROCESSABLE)
        messages.success(request, gettext("The webhook “%(name)s” is registered.") % {"name": webhook.name})
        return redirect(webhook)


class WebhookView(_WebhookView):
    """A webhook, and what it was told of."""

    def get(self, request: PersonRequest, webhook_id: int) -> HttpResponse:
        """Show it with its latest deliveries."""
        webhook = self.get_webhook()
        deliveries = webhook.deliveries.defer("payload").order_by("-pk")[:DELIVERIES_SHOWN]
        return render(request, "webhooks/detail.html", {"webhook": webhook, "deliveries": deliveries})


class WebhookEditView(_WebhookView):
    """Changing a webhook."""

    def get(self, request: PersonRequest, webhook_id: int) -> HttpResponse:
        """Show the form."""
        webhook = self.get_webhook()
        return self.show_form(WebhookForm(webhook=webhook), webhook)

    def post(self, request: PersonRequest, webhook_id: int) -> HttpResponse:
        """Change it."""
        webhook = self.get_webhook()
        form = WebhookForm(request.POST, webhook=webhook)
        changed = attempt(
            form,
            lambda: services.change_webhook(
                actor=request.user,
                webhook_id=webhook_id,
                values=form.values(),
                version=form.cleaned_data["version"],
            ),
        )
        if changed is None:
            return self.show_form(form, webhook, status=status_of(form))
        messages.success(request, gettext("The webhook “%(name)s” is saved.") % {"name": changed.name})
        return redirect(changed)


class WebhookDeleteView(_WebhookView):
    """Asks before a webhook is deleted."""

    def get(self, request: PersonRequest, webhook_id: int) -> HttpResponse:
        """Ask."""
        return render(request, "webhooks/delete.html", {"webhook": self.get_webhook()})

    @once("webhooks:list")
    def post(self, request: PersonRequest, webhook_id: int) -> HttpResponse:
        """Delete it."""
        services.delete_webhook(actor=request.user, webhook_id=webhook_id)
        messages.success(request, gettext("The webhook is deleted."))
        return redirect("webhooks:list")


class WebhookSecretView(_WebhookView):
    """A new secret."""

    @once("webhooks:detail", "webhook_id")
    def post(self, request: PersonRequest, webhook_id: int) -> HttpResponse:
        """Give the webhook a new secret."""
        webhook = services.renew_secret(actor=request.user, webhook_id=webhook_id)
        messages.success(request, gettext("There is a new secret. Give it to the receiver: the old one is void."))
        return redirect(webhook)


class WebhookTestView(_WebhookView):
    """Trying a webhook out."""

    @once("webhooks:detail", "webhook_id")
    def post(self, request: PersonRequest, webhook_id: int) -> HttpResponse:
        """Send it something harmless at once, and say what came of it."""
        message = services.send_ping(actor=request.user, webhook_id=webhook_id)
        do_now(message, HANDLERS)
        return self.tell(message.payload["delivery"])

    def tell(self, delivery_id: int) -> HttpResponse:
        """Say what came of a delivery, and lead back to the webhook."""
        delivery = WebhookDelivery.objects.select_related("webhook").get(pk=delivery_id)
        if delivery.state == delivery.State.DELIVERED:
            text = gettext("It answered %(status)d in %(duration)d ms.")
            messages.success(self.request, text % {"status": delivery.status_code, "duration": delivery.duration_ms})
        else:
            reason = delivery.answer or gettext("It is on its way.")
            messages.error(self.request, gettext("It was not delivered: %(reason)s") % {"reason": reason})
        return redirect(delivery.webhook)


class WebhookAgainView(WebhookTestView):
    """Sending a delivery once more."""

    @once("webhooks:detail", "webhook_id")
    def post(self, request: PersonRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
        """Send it at once, and say what came of it."""
        message = services.send_again(actor=request.user, webhook_id=webhook_id, delivery_id=delivery_id)
        do_now(message, HANDLERS)
        return self.tell(delivery_id)
