"""The trash's pages, and that nothing in the trash shows anywhere else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tickets import services
from tickets.factories import TicketFactory
from tickets.models import Ticket
from tickets.trash.models import TrashedTicket
from tms_site.lib.moments import absolute_time

pytestmark = pytest.mark.django_db


def trashed(sysadmin, rows=1, **fields):
    tickets = TicketFactory.create_batch(rows, **fields)
    for ticket in tickets:
        services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    return TrashedTicket.objects.order_by("pk").last()


def page_of(trashed):
    return reverse("tickets:trashed", args=[trashed.pk])


def test_a_sysadmin_sees_what_was_deleted_by_whom_and_until_when_it_is_kept(client_for, sysadmin, requester):
    gone = trashed(sysadmin, title="Zeppelin", requester=requester)
    page = client_for(sysadmin).get(reverse("tickets:trash")).content.decode()
    assert absolute_time(gone.kept_until) in page
    for text in ("Zeppelin", f"#{gone.pk}", "Jane Doe", "Admin", page_of(gone), "1 ticket"):
        assert text in page


def test_its_own_page_says_what_it_was_but_not_what_it_said(client_for, sysadmin, ticket):
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    page = client_for(sysadmin).get(reverse("tickets:trashed", args=[ticket.pk])).content.decode()
    assert "Printer" in page
    assert "Restore ticket" in page
    assert "<dd>2</dd>" in page
    assert "It burns." not in page
    assert "A dragon?" not in page


def test_the_toast_after_the_deletion_undoes_it(client_for, sysadmin, ticket, everything):
    before = everything()
    client = client_for(sysadmin)
    page = client.post(reverse("tickets:delete", args=[ticket.pk]), follow=True).content.decode()
    restore = reverse("tickets:restore", args=[ticket.pk])
    assert f'action="{restore}"' in page
    response = client.post(restore, follow=True)
    assert response.redirect_chain == [(ticket.get_absolute_url(), 302)]
    assert f"Ticket #{ticket.pk} is restored." in response.content.decode()
    assert "restored the ticket from the trash" in response.content.decode().lower()
    assert everything() == before


def test_a_second_click_on_undo_restores_nothing_again(client_for, sysadmin):
    gone, client = trashed(sysadmin), client_for(sysadmin)
    restore = reverse("tickets:restore", args=[gone.pk])
    assert client.post(restore).status_code == 302
    assert client.post(restore).status_code == 404
    assert client.get(page_of(gone))["Location"] == Ticket.objects.get().get_absolute_url()


def test_what_is_too_old_says_so_instead_of_offering_the_button(client_for, sysadmin):
    gone, client = trashed(sysadmin), client_for(sysadmin)
    TrashedTicket.objects.update(deleted_at=timezone.now() - timedelta(days=31))
    page = client.get(page_of(gone)).content.decode()
    assert "deleted more than 30 days ago" in page
    assert "Restore ticket" not in page
    assert client.post(reverse("tickets:restore", args=[gone.pk])).status_code == 403


def test_a_number_that_is_taken_is_explained(client_for, sysadmin):
    gone, client = trashed(sysadmin), client_for(sysadmin)
    TicketFactory(pk=gone.pk)
    page = client.post(reverse("tickets:restore", args=[gone.pk]), follow=True).content.decode()
    assert f"There is another ticket with the number {gone.pk}." in page
    assert TrashedTicket.objects.exists()


def test_an_empty_trash_says_what_belongs_there(client_for, sysadmin):
    page = client_for(sysadmin).get(reverse("tickets:trash")).content.decode()
    assert "The trash is empty" in page
    assert "Deleted tickets stay here for 30 days." in page


def test_the_trash_pages_by_key(client_for, sysadmin):
    trashed(sysadmin, rows=51)
    client = client_for(sysadmin)
    first = client.get(reverse("tickets:trash")).context["listing"]
    second = client.get(first.next_url).context["listing"]
    numbers = [row.pk for shown in (first, second) for row in shown.page.items]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 51
    strange = client.get(reverse("tickets:trash"), {"page": "nonsense"})
    assert "We left out" in strange.content.decode()


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_list_takes_the_same_queries_for_any_number_of_rows(client_for, sysadmin, rows, django_assert_num_queries):
    trashed(sysadmin, rows=rows)
    client = client_for(sysadmin)
    with django_assert_num_queries(4):
        client.get(reverse("tickets:trash"))


def test_nothing_in_the_trash_shows_anywhere_else(client_for, sysadmin, requester, agent, ticket):
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    for user in (requester, agent, sysadmin):
        client = client_for(user)
        # Who may see the trash is led there.
        assert client.get(ticket.get_absolute_url()).status_code == (302 if user == sysadmin else 404)
        for path in (
            reverse("tickets:list"),
            f"{reverse('tickets:list')}?q=burns",
            f"{reverse('tickets:list')}?q=%23{ticket.pk}",
            f"{reverse('tickets:similar')}?title=Printer",
            reverse("tickets:export"),
        ):
            response = client.get(path)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            assert b"burns." not in content, path
            assert f"/tickets/{ticket.pk}/".encode() not in content, path
    assert not Ticket.objects.exists()


def test_only_sysadmins_find_the_trash_in_the_rail(client_for, sysadmin, agent):
    assert reverse("tickets:trash") in client_for(sysadmin).get(reverse("tickets:list")).content.decode()
    assert reverse("tickets:trash") not in client_for(agent).get(reverse("tickets:list")).content.decode()


@pytest.mark.parametrize("name", ["detail", "edit", "delete"])
def test_back_to_a_deleted_ticket_leads_sysadmins_to_the_trash_and_tells_nobody_else_anything(
    client_for, sysadmin, agent, requester, other_requester, name
):
    gone = trashed(sysadmin, requester=requester, assigned_agent=agent)
    path, never = (reverse(f"tickets:{name}", args=[number]) for number in (gone.pk, 987_654))
    response = client_for(sysadmin).get(path)
    assert (response.status_code, response["Location"]) == (302, page_of(gone))
    assert client_for(sysadmin).get(never).status_code == 404
    for actor in (agent, requester, other_requester):
        answers = [client_for(actor).get(address) for address in (path, never)]
        assert [answer.status_code for answer in answers] == [404, 404]
    assert client_for(sysadmin).get(path, headers={"HX-Request": "true"}).status_code == 404
    assert client_for(sysadmin).post(path).status_code == 404


def test_back_to_the_trash_after_restoring_leads_to_the_ticket(client_for, sysadmin, agent, requester):
    gone = trashed(sysadmin, requester=requester)
    client = client_for(sysadmin)
    client.post(reverse("tickets:restore", args=[gone.pk]))
    response = client.get(page_of(gone))
    assert (response.status_code, response["Location"]) == (302, Ticket.objects.get().get_absolute_url())
    assert client.get(reverse("tickets:trashed", args=[987_654])).status_code == 404
    for actor in (agent, requester):
        for number in (gone.pk, 987_654):
            assert client_for(actor).get(reverse("tickets:trashed", args=[number])).status_code == 403
