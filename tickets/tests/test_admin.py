"""Tickets and comments in the admin: the same services, the same rules."""

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.factories import UserFactory
from activity.models import ActivityLog
from tickets import services, signals
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment, Ticket

TICKETS = reverse("admin:tickets_ticket_changelist")
COMMENTS = reverse("admin:tickets_comment_changelist")
NEW_TICKET = reverse("admin:tickets_ticket_add")


@pytest.fixture
def client(client_for, sysadmin):
    return client_for(sysadmin)


def change_page(obj):
    return reverse(f"admin:tickets_{obj._meta.model_name}_change", args=[obj.pk])


def fields_of(ticket, **changes):
    fields = {
        "title": ticket.title,
        "description": ticket.description,
        "status": ticket.status,
        "priority": ticket.priority,
        "assigned_agent": ticket.assigned_agent_id or "",
        "resolution_date_0": "",
        "resolution_date_1": "",
        "version": ticket.version,
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }
    return fields | changes


def errors_of(response):
    return response.context["adminform"].form.errors


@pytest.mark.parametrize("persona", ["requester", "agent"])
@pytest.mark.parametrize("address", [TICKETS, COMMENTS, NEW_TICKET])
def test_only_sysadmins_come_in(client_for, request, persona, address):
    assert client_for(request.getfixturevalue(persona)).get(address).status_code == 403


def test_tickets_are_listed_searched_and_filtered(client, ticket, agent):
    # Nothing about the other ticket has the first one's number in it.
    somebody = UserFactory(requester=True, email="somebody@example.com")
    TicketFactory(title="Something else", assigned_agent=agent, requester=somebody)
    for query in ({"q": "printer"}, {"q": str(ticket.pk)}, {"q": "jane.doe"}, {"assigned_agent__isempty": 1}):
        page = client.get(TICKETS, query).content.decode()
        assert "The printer is out of ink" in page, query
        assert "Something else" not in page, query
    assert client.get(TICKETS, {"q": "9" * 40}).status_code == 200
    assert client.get(TICKETS, {"status__exact": "open", "creation_date__year": timezone.now().year}).status_code == 200


def test_a_ticket_opened_here_is_logged_with_who_opened_it(client, sysadmin, requester, agent):
    fields = {"title": "New", "description": "Text", "priority": "high"}
    response = client.post(NEW_TICKET, fields | {"requester": requester.pk, "assigned_agent": agent.pk})
    ticket = Ticket.objects.get()
    assert response.status_code == 302
    assert (ticket.requester, ticket.created_by, ticket.assigned_agent) == (requester, sysadmin, agent)
    assert ActivityLog.objects.filter(activity_type="create", target_id=ticket.pk, user=sysadmin).count() == 1


def test_a_change_is_logged_with_who_made_it(client, sysadmin, ticket):
    response = client.post(change_page(ticket), fields_of(ticket, status="resolved", title="  Ink  now "))
    ticket.refresh_from_db()
    assert response.status_code == 302
    assert (ticket.title, ticket.status, ticket.version) == ("Ink now", "resolved", 2)
    assert ticket.resolution_date is not None
    assert ActivityLog.objects.filter(activity_type="update", target_id=ticket.pk, user=sysadmin).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 256}, "title"),
        ({"title": "a\x00"}, "title"),
        ({"description": "x" * 100_001}, "description"),
        ({"status": "closed"}, "status"),
        ({"assigned_agent": 99_999_999}, "assigned_agent"),
        ({"resolution_date_0": "2020-01-01", "resolution_date_1": "00:00:00"}, "resolution_date"),
        ({"version": "x"}, "version"),
    ],
)
def test_what_a_service_or_a_form_refuses_stands_at_its_field(client, ticket, changes, field):
    response = client.post(change_page(ticket), fields_of(ticket, **changes))
    assert response.status_code == 200
    assert field in errors_of(response)
    assert Ticket.objects.get().version == 1


def test_requesters_can_not_be_assigned_here_either(client, ticket, requester):
    response = client.post(change_page(ticket), fields_of(ticket, assigned_agent=requester.pk))
    assert errors_of(response) == {"assigned_agent": ["Choose an active agent."]}


def test_the_workflow_holds_here_too(client, agent, ticket):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "resolved"})
    ticket.refresh_from_db()
    response = client.post(change_page(ticket), fields_of(ticket, status="waiting"))
    assert "status" in errors_of(response)


def test_two_sysadmins_do_not_overwrite_each_other(client, agent, ticket):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"title": "Theirs", "priority": "low"})
    response = client.post(change_page(ticket), fields_of(ticket, title="Mine"))
    assert response.status_code == 200
    assert "“Theirs” meanwhile" in errors_of(response)["title"][0]
    assert "Mine" in response.content.decode()
    assert Ticket.objects.get().title == "Theirs"


def test_changes_of_different_fields_are_merged(client, agent, ticket):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"priority": "low"})
    client.post(change_page(ticket), fields_of(ticket, title="Mine"))
    merged = Ticket.objects.get()
    assert (merged.title, merged.priority) == ("Mine", "low")


def test_a_tickets_page_shows_its_conversation(client, ticket):
    CommentFactory(ticket=ticket, description="It smells, too.")
    assert "It smells, too." in client.get(change_page(ticket)).content.decode()


def test_a_ticket_is_deleted_with_its_comments_and_logged(client, sysadmin, ticket):
    CommentFactory(ticket=ticket)
    address = reverse("admin:tickets_ticket_delete", args=[ticket.pk])
    assert "Are you sure" in client.get(address).content.decode()
    assert client.post(address, {"post": "yes"}).status_code == 302
    assert not Ticket.objects.exists()
    assert ActivityLog.objects.filter(activity_type="delete", target_id=ticket.pk, user=sysadmin).count() == 1


def act(client, address, action, objects, **extra):
    data = {"action": action, "_selected_action": [obj.pk for obj in objects]} | extra
    return client.post(address, data, follow=True).content.decode()


def test_several_tickets_are_resolved(client, ticket, foreign_ticket):
    page = act(client, TICKETS, "resolve", [ticket, foreign_ticket])
    assert "2 tickets changed." in page
    assert set(Ticket.objects.values_list("status", flat=True)) == {"resolved"}


def test_several_tickets_are_taken(client, sysadmin, ticket, foreign_ticket):
    assert "2 tickets changed." in act(client, TICKETS, "assign_to_me", [ticket, foreign_ticket])
    assert "0 tickets changed." in act(client, TICKETS, "assign_to_me", [ticket])
    assert set(Ticket.objects.values_list("assigned_agent", flat=True)) == {sysadmin.pk}


def test_several_tickets_are_deleted_after_a_question(client, ticket, foreign_ticket):
    assert "Are you sure" in act(client, TICKETS, "delete_selected", [ticket, foreign_ticket])
    assert Ticket.objects.count() == 2
    act(client, TICKETS, "delete_selected", [ticket, foreign_ticket], post="yes")
    assert not Ticket.objects.exists()
    assert ActivityLog.objects.filter(activity_type="delete").count() == 2


def test_a_comment_written_here_is_the_sysadmins(client, sysadmin, ticket):
    address = reverse("admin:tickets_comment_add")
    assert client.get(address).status_code == 200
    client.post(address, {"ticket": ticket.pk, "description": "Done"})
    assert Comment.objects.get().commented_by == sysadmin


def test_a_comment_is_changed_and_two_do_not_overwrite_each_other(client, requester, ticket):
    comment = CommentFactory(ticket=ticket, commented_by=requester)
    assert client.get(change_page(comment)).status_code == 200
    client.post(change_page(comment), {"description": "Calm", "version": 1})
    comment.refresh_from_db()
    assert (comment.description, comment.version) == ("Calm", 2)
    response = client.post(change_page(comment), {"description": "Calmer", "version": 1})
    assert "“Calm” meanwhile" in errors_of(response)["description"][0]
    comment.refresh_from_db()
    assert comment.description == "Calm"


def test_comments_are_found_and_deleted(client, ticket):
    comment = CommentFactory(ticket=ticket, description="Rude words")
    assert "Rude words" in client.get(COMMENTS, {"q": "rude"}).content.decode()
    client.post(reverse("admin:tickets_comment_delete", args=[comment.pk]), {"post": "yes"})
    assert not Comment.objects.exists()
    assert ActivityLog.objects.filter(activity_type="delete", target_type="comment").count() == 1


def test_the_history_is_that_of_the_activity_log(client, ticket):
    comment = CommentFactory(ticket=ticket)
    for obj in (ticket, comment):
        address = reverse(f"admin:tickets_{obj._meta.model_name}_history", args=[obj.pk])
        assert client.get(address)["Location"] == f"{reverse('activity:list')}?ticket={ticket.pk}"


@pytest.mark.parametrize("number", ["abc", "0", "1_26status=open"])  # as the admin writes "1&status=open"
@pytest.mark.parametrize("model", ["ticket", "comment"])
def test_what_does_not_exist_has_no_history_and_the_admin_says_so(client, model, number):
    response = client.get(f"/admin/tickets/{model}/{number}/history/", follow=True)
    (message,) = map(str, response.context["messages"])
    assert message.startswith(f"{model} with ID “")
    assert message.endswith("Perhaps it was deleted?")


def vanishes_when_another_changes(ticket):
    """Return a receiver that deletes a ticket while an action is at work on the one before it."""

    def delete(sender, **kwargs):
        Ticket.objects.filter(pk=ticket.pk).delete()

    return delete


def test_tickets_that_vanish_meanwhile_stop_no_action(client, ticket, foreign_ticket):
    vanish = vanishes_when_another_changes(ticket)
    signals.ticket_updated.connect(vanish)
    try:
        # The list is sorted by number downwards, so Michael's ticket comes first.
        page = act(client, TICKETS, "resolve", [ticket, foreign_ticket])
    finally:
        signals.ticket_updated.disconnect(vanish)
    assert "1 ticket changed." in page


@pytest.fixture
def as_sysadmin(rf, sysadmin):
    request = rf.post("/admin/")
    request.user = sysadmin
    return request


def test_saving_what_somebody_has_deleted_is_an_error_of_the_form(as_sysadmin, ticket):
    comment = CommentFactory(ticket=ticket)
    for model, obj in ((Comment, comment), (Ticket, ticket)):
        model_admin = admin.site.get_model_admin(model)
        fields = fields_of(ticket) if model is Ticket else {"description": "Changed", "version": 1}
        form = model_admin.get_form(as_sysadmin, obj, change=True)(fields, instance=obj)
        assert form.is_valid(), form.errors
        model.objects.filter(pk=obj.pk).delete()
        with pytest.raises(ValidationError, match="deleted this meanwhile"):
            model_admin.save_model(as_sysadmin, obj, form, change=True)


def test_deleting_what_somebody_has_deleted_is_no_error(as_sysadmin, ticket):
    comment = CommentFactory(ticket=ticket)
    for model, obj in ((Comment, comment), (Ticket, ticket)):
        model.objects.filter(pk=obj.pk).delete()
        admin.site.get_model_admin(model).delete_model(as_sysadmin, obj)


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_list_takes_as_many_queries_however_long_it_is(client, rows, django_assert_num_queries):
    for _row in range(rows):
        TicketFactory()
    # Four of them write in the log that it was looked at, two name categories and teams.
    with django_assert_num_queries(12):
        client.get(TICKETS)


@pytest.mark.parametrize("model", [Ticket, Comment])
def test_the_lists_open_in_every_time_zone_also_where_the_database_knows_none(client, sysadmin, ticket, model):
    CommentFactory(ticket=ticket)
    sysadmin.time_zone = "Europe/Vienna"
    sysadmin.save()
    year = timezone.now().year
    page = reverse(f"admin:tickets_{model._meta.model_name}_changelist")
    for address in (page, f"{page}?creation_date__year={year}"):
        assert client.get(address).status_code == 200


def reads():
    return list(ActivityLog.objects.filter(activity_type="read").values_list("user", "target_type", "target_id"))


def test_looking_at_the_list_is_told_once(client, sysadmin, ticket):
    client.get(TICKETS)
    client.get(TICKETS, {"q": "printer"})
    client.get("/tickets/")
    assert reads() == [(sysadmin.pk, "tickets", None)]


def test_looking_at_a_ticket_is_told_once(client, sysadmin, ticket):
    client.get(change_page(ticket))
    client.get(change_page(ticket))
    client.get(f"/tickets/{ticket.pk}/")
    assert reads() == [(sysadmin.pk, "ticket", ticket.pk)]


def test_what_shows_no_ticket_is_not_told_as_a_look(client, ticket):
    client.get(NEW_TICKET)
    client.get(TICKETS, {"nonsense": "1"})
    client.post(change_page(ticket), fields_of(ticket, title="New"))
    client.get(reverse("admin:tickets_ticket_change", args=[ticket.pk + 1]))
    assert reads() == []


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_a_ticket_takes_as_many_queries_however_long_its_conversation(client, rows, django_assert_num_queries):
    ticket = TicketFactory()
    CommentFactory.create_batch(rows, ticket=ticket)
    ContentType.objects.clear_cache()
    with django_assert_num_queries(15):  # four as above
        assert client.get(change_page(ticket)).status_code == 200
