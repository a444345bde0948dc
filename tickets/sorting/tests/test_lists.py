"""The lists of teams and categories, which SysAdmins keep."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts import services as accounts
from accounts.factories import UserFactory
from activity.models import ActivityLog
from tickets import services as tickets
from tickets.factories import TicketFactory
from tickets.models import Category, Team
from tickets.sorting import services
from tickets.trash.services import remove_for_good
from tms_site.lib.errors import ChangedMeanwhile
from tms_site.lib.permissions import PermissionDeniedError
from tms_site.tests.rivals import rival
from tms_site.tests.slow import failing


def newest():
    entry = ActivityLog.objects.order_by("-pk").first()
    return entry.activity_type, entry.target_type, entry.details


def test_a_team_is_made_with_its_members_and_the_log_says_so(sysadmin, agent, other_agent):
    team = services.create_team(actor=sysadmin, name="  Network  ", members=[agent, other_agent])
    assert (team.name, team.is_active, team.version) == ("Network", True, 1)
    assert set(team.members.all()) == {agent, other_agent}
    assert newest() == ("create", "team", "Created the team “Network”.")


def test_a_change_of_members_says_who_came_and_who_went(network, sysadmin, agent, other_agent):
    services.change_team(actor=sysadmin, team=network, changes={"members": [other_agent]}, version=1)
    assert newest()[2] == "The team “Network”: changed the members: added Alex Johnson, removed John Smith."
    assert Team.objects.get().version == 2


def test_members_who_share_a_name_are_told_apart(sysadmin, agent):
    one, two = UserFactory.create_batch(2, agent=True, username="Ann Lee")
    team = services.create_team(actor=sysadmin, name="Network", members=[agent, one])
    with pytest.raises(ChangedMeanwhile):
        services.change_team(actor=sysadmin, team=team, changes={"members": [agent, two]}, version=99)
    assert set(team.members) == {agent, one}
    services.change_team(actor=sysadmin, team=team, changes={"members": [agent, two]}, version=1)
    assert set(team.members) == {agent, two}
    sentence = f"changed the members: added Ann Lee (#{two.pk}), removed Ann Lee (#{one.pk})."
    assert newest()[2] == f"The team “Network”: {sentence}"
    assert Team.objects.get().version == 2


def test_a_change_that_changes_nothing_leaves_no_entry(network, sysadmin, agent):
    before = ActivityLog.objects.count()
    services.change_team(actor=sysadmin, team=network, changes={"members": [agent], "name": "Network"})
    assert (ActivityLog.objects.count(), Team.objects.get().version) == (before, 1)


def test_a_stale_form_is_refused(network, sysadmin):
    services.change_team(actor=sysadmin, team=network, changes={"name": "Networks"}, version=1)
    with pytest.raises(ChangedMeanwhile):
        services.change_team(actor=sysadmin, team=network, changes={"is_active": False}, version=1)
    assert Team.objects.get().is_active


@pytest.mark.parametrize("name", ["NETWORK", "\uff4eetwork", " network "])
def test_a_name_is_taken_in_every_spelling(network, sysadmin, name):
    with pytest.raises(ValidationError, match="one of this name"):
        services.create_team(actor=sysadmin, name=name)
    assert services.create_team(actor=sysadmin, name="Nétwork").pk


@pytest.mark.parametrize(
    ("model", "create"), [(Team, services.create_team), (Category, services.create_category)], ids=["team", "category"]
)
def test_of_two_who_make_one_of_the_same_name_at_once_the_second_is_told(sysadmin, model, create):
    # The second savepoint stands before the row: right then, the other one commits.
    with (
        rival(lambda: model.objects.create(name="Network"), before="SAVEPOINT", passing=1),
        pytest.raises(ValidationError, match="one of this name"),
    ):
        create(actor=sysadmin, name="NETWORK")


def test_a_name_that_somebody_takes_while_another_team_is_given_it_is_refused(network, sysadmin):
    with (
        rival(lambda: Team.objects.create(name="Ours"), before="SAVEPOINT", passing=1),
        pytest.raises(ValidationError, match="one of this name"),
    ):
        services.change_team(actor=sysadmin, team=network, changes={"name": "ours"})
    assert Team.objects.get(pk=network.pk).name == "Network"


def test_what_else_the_database_refuses_is_no_taken_name(sysadmin):
    with failing("INSERT INTO", IntegrityError("a wire is loose")), pytest.raises(IntegrityError, match="loose"):
        services.create_team(actor=sysadmin, name="Ours")


@pytest.mark.parametrize("name", ["", " ", "\u200b", "a\x00b", "x" * 61])
def test_a_name_that_is_none_is_refused(sysadmin, name):
    for create in (services.create_team, services.create_category):
        with pytest.raises(ValidationError):
            create(actor=sysadmin, name=name)


def test_only_active_agents_become_members_but_who_leaves_stays_one(network, sysadmin, agent, requester):
    with pytest.raises(ValidationError, match="active agents"):
        services.change_team(actor=sysadmin, team=network, changes={"members": [agent, requester]})
    accounts.deactivate_user(actor=sysadmin, user=agent)
    services.change_team(actor=sysadmin, team=network, changes={"members": [agent], "name": "Nets"})
    assert list(Team.objects.get().members.all()) == [agent]


def test_what_tickets_have_is_deactivated_not_deleted(vpn, network, sysadmin):
    ticket = TicketFactory(category=vpn, team=network)
    for delete in (
        lambda: services.delete_category(actor=sysadmin, category=vpn),
        lambda: services.delete_team(actor=sysadmin, team=network),
    ):
        with pytest.raises(services.StillInUse, match="Deactivate it instead"):
            delete()
    tickets.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    with pytest.raises(services.StillInUse):
        services.delete_team(actor=sysadmin, team=network)
    with pytest.raises(services.StillInUse):
        services.delete_category(actor=sysadmin, category=vpn)
    remove_for_good(actor=sysadmin, ticket_id=ticket.pk)
    services.delete_category(actor=sysadmin, category=vpn)
    services.delete_team(actor=sysadmin, team=network)
    assert newest() == ("delete", "team", "Deleted the team “Network”.")
    assert not Category.objects.exists()


def test_who_does_not_run_the_place_keeps_no_lists(network, vpn, agent, requester):
    for actor in (agent, requester):
        for attempt in (
            lambda actor: services.create_team(actor=actor, name="x"),
            lambda actor: services.change_team(actor=actor, team=network, changes={"name": "x"}),
            lambda actor: services.delete_team(actor=actor, team=network),
            lambda actor: services.create_category(actor=actor, name="x"),
            lambda actor: services.change_category(actor=actor, category=vpn, changes={"name": "x"}),
            lambda actor: services.delete_category(actor=actor, category=vpn),
        ):
            with pytest.raises(PermissionDeniedError):
                attempt(actor)


# --- in the admin ----------------------------------------------------------------------------------------------------


def test_the_admin_makes_changes_and_deletes_a_team(client_for, sysadmin, agent):
    client = client_for(sysadmin)
    client.post("/admin/tickets/team/add/", {"name": "Network", "is_active": "on", "members": [agent.pk]})
    team = Team.objects.get()
    assert list(team.members.all()) == [agent]
    page = f"/admin/tickets/team/{team.pk}/change/"
    assert "John Smith" in client.get(page).content.decode()
    client.post(page, {"name": "Nets", "version": "1"})
    team = Team.objects.get()
    assert (team.name, team.is_active, list(team.members.all())) == ("Nets", False, [])
    assert "Somebody else has changed this" in client.post(page, {"name": "Old", "version": "1"}).content.decode()
    client.post(f"/admin/tickets/team/{team.pk}/delete/", {"post": "yes"})
    assert not Team.objects.exists()


def test_the_admin_makes_a_category_and_says_why_it_is_not_deleted(client_for, sysadmin, network):
    client = client_for(sysadmin)
    fields = {"name": "VPN", "position": "1", "default_team": network.pk, "default_priority": "high", "is_active": "on"}
    client.post("/admin/tickets/category/add/", fields)
    category = Category.objects.get()
    assert (category.default_team, category.default_priority) == (network, "high")
    TicketFactory(category=category)
    answer = client.post(f"/admin/tickets/category/{category.pk}/delete/", {"post": "yes"}, follow=True)
    assert "Deactivate it instead" in answer.content.decode()
    answer = client.post("/admin/tickets/category/add/", fields)
    assert "one of this name" in answer.content.decode()


def test_tags_are_only_read_in_the_admin(client_for, sysadmin):
    assert client_for(sysadmin).get("/admin/tickets/tag/").status_code == 200
    assert client_for(sysadmin).get("/admin/tickets/tag/add/").status_code == 403
