"""Deactivating an agent asks where their open tickets go."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.errors import LastSysAdmin
from accounts.factories import UserFactory
from accounts.models import User
from activity.models import ActivityLog
from tickets.enums import Status
from tickets.factories import TicketFactory
from tickets.leaving.services import deactivate_agents
from tickets.models import Team, TeamMember, Ticket
from tms_site.lib.permissions import PermissionDeniedError

pytestmark = pytest.mark.django_db
USERS = "/admin/accounts/user/"


@pytest.fixture
def boss(client_for, sysadmin):
    return client_for(sysadmin)


@pytest.fixture
def teams(agent, other_agent):
    """The leaver's own team, and another one; the colleague is in both."""
    found = [Team.objects.create(name=name) for name in ("Network", "Printers")]
    for team in found:
        TeamMember.objects.create(team=team, user=other_agent)
    TeamMember.objects.create(team=found[0], user=agent)
    return found


def agents_of(*tickets):
    return [Ticket.objects.get(pk=ticket.pk).assigned_agent for ticket in tickets]


def test_the_open_tickets_go_to_nobody_and_resolved_ones_keep_their_agent(sysadmin, agent):
    mine, resolved = TicketFactory(assigned_agent=agent), TicketFactory(assigned_agent=agent, status=Status.RESOLVED)
    done = deactivate_agents(actor=sysadmin, users=[agent], destination="nobody")
    assert agents_of(mine, resolved) == [None, agent]
    assert done.given == {None: 1}
    agent.refresh_from_db()
    assert not agent.is_active


def test_the_open_tickets_go_to_another_agent_each_with_its_entry_in_the_log(sysadmin, agent, other_agent):
    tickets = TicketFactory.create_batch(3, assigned_agent=agent)
    deactivate_agents(actor=sysadmin, users=[agent], destination="agent", agent=other_agent)
    assert agents_of(*tickets) == [other_agent] * 3
    assert ActivityLog.objects.filter(ticket_id__in=[ticket.pk for ticket in tickets], user=sysadmin).count() == 3
    assert {Ticket.objects.get(pk=ticket.pk).version for ticket in tickets} == {2}


def test_the_open_tickets_go_to_the_least_loaded_of_their_team_or_else_of_the_agents_teams(
    sysadmin, agent, other_agent, teams
):
    network, printers = teams
    idle = UserFactory(agent=True)
    TeamMember.objects.create(team=printers, user=idle)
    TicketFactory.create_batch(2, assigned_agent=other_agent)
    of_printers = TicketFactory.create_batch(4, assigned_agent=agent, team=printers)
    of_network, of_none = TicketFactory(assigned_agent=agent, team=network), TicketFactory(assigned_agent=agent)
    deactivate_agents(actor=sysadmin, users=[agent], destination="least")
    assert agents_of(*of_printers) == [idle, idle, other_agent, idle]
    assert agents_of(of_network, of_none) == [other_agent, other_agent]


def test_where_nobody_is_available_a_ticket_goes_to_nobody_and_keeps_its_team(sysadmin, agent, other_agent, teams):
    other_agent.is_away = True
    other_agent.save()
    ticket = TicketFactory(assigned_agent=agent, team=teams[0])
    deactivate_agents(actor=sysadmin, users=[agent], destination="least")
    ticket.refresh_from_db()
    assert (ticket.assigned_agent, ticket.team) == (None, teams[0])


def test_two_who_leave_together_do_not_inherit_from_each_other(sysadmin, agent, other_agent, teams):
    tickets = TicketFactory.create_batch(2, assigned_agent=agent, team=teams[0])
    deactivate_agents(actor=sysadmin, users=[agent, other_agent], destination="least")
    assert agents_of(*tickets) == [None, None]
    with pytest.raises(ValidationError):
        deactivate_agents(actor=sysadmin, users=[agent], destination="agent", agent=agent)


def test_if_one_cannot_leave_nothing_happens(sysadmin, agent):
    ticket = TicketFactory(assigned_agent=agent)
    with pytest.raises(LastSysAdmin):
        deactivate_agents(actor=sysadmin, users=[agent, sysadmin], destination="nobody")
    assert agents_of(ticket) == [agent]
    agent.refresh_from_db()
    assert agent.is_active


def test_only_sysadmins_send_agents_away(agent, other_agent):
    with pytest.raises(PermissionDeniedError):
        deactivate_agents(actor=other_agent, users=[agent], destination="nobody")


def test_the_admins_action_leads_to_the_question_and_the_question_back(boss, agent, other_agent, requester):
    ticket = TicketFactory(assigned_agent=agent)
    chosen = {"action": "deactivate", "_selected_action": [agent.pk, requester.pk]}
    page = boss.post(USERS, chosen, follow=True)
    assert page.redirect_chain[0][0].startswith(reverse("tickets:leaving"))
    text = page.content.decode()
    assert "John Smith" in text
    assert "Jane Doe" in text
    assert "They work on 1 open ticket." in text
    data = {"user": [agent.pk, requester.pk], "destination": "agent", "agent": other_agent.pk}
    answer = boss.post(reverse("tickets:leaving"), data, follow=True)
    assert answer.redirect_chain == [(USERS, 302)]
    assert "Jane Doe, John Smith are deactivated. 1 ticket went to Alex Johnson." in answer.content.decode()
    assert agents_of(ticket) == [other_agent]


@pytest.mark.parametrize(("tickets", "words"), [(1, "works on 1 open ticket."), (2, "works on 2 open tickets.")])
def test_the_question_about_one_person_names_them(boss, agent, tickets, words):
    TicketFactory.create_batch(tickets, assigned_agent=agent)
    text = boss.get(reverse("tickets:leaving"), {"user": agent.pk}).content.decode()
    assert "<title>Deactivate John Smith" in text
    assert "<h1>Deactivate John Smith</h1>" in text
    assert f"John Smith ({agent.email}) can't log in any more" in text
    assert f"John Smith {words}" in text
    assert "They work on" not in text


def test_the_question_about_several_is_about_users(boss, agent, other_agent):
    text = boss.get(reverse("tickets:leaving"), {"user": [agent.pk, other_agent.pk]}).content.decode()
    assert "<title>Deactivate users" in text
    assert "<h1>Deactivate users</h1>" in text
    assert "They work on 0 open tickets." in text


def test_the_admins_form_refuses_and_says_where_it_is_asked(boss, agent):
    ticket = TicketFactory(assigned_agent=agent)
    form = {"email": agent.email, "username": agent.username, "role": agent.role, "version": agent.version}
    data = form | {"time_zone": "UTC", "theme": "system"}
    text = boss.post(f"{USERS}{agent.pk}/change/", data).content.decode()
    assert f"{reverse('tickets:leaving')}?user={agent.pk}" in text
    assert agents_of(ticket) == [agent]
    Ticket.objects.update(status=Status.RESOLVED)
    assert boss.post(f"{USERS}{agent.pk}/change/", data).status_code == 302


def test_the_last_sysadmin_is_refused_before_the_question_is_asked(boss, sysadmin, agent):
    TicketFactory(assigned_agent=sysadmin)
    form = {"email": sysadmin.email, "username": sysadmin.username, "role": "sysadmin", "time_zone": "UTC"}
    page = boss.post(f"{USERS}{sysadmin.pk}/change/", form | {"theme": "system"}).content.decode()
    assert "last active SysAdmin" in page
    assert "Say who gets them" not in page
    everybody = {"action": "deactivate", "_selected_action": [sysadmin.pk, agent.pk]}
    response = boss.post(USERS, everybody, follow=True)
    assert response.redirect_chain == [(USERS, 302)]
    assert "Nobody was deactivated: no active SysAdmin would be left." in response.content.decode()
    agent.refresh_from_db()
    assert agent.is_active


def test_of_more_people_than_the_question_takes_none_leave_and_it_says_so(boss, agent, monkeypatch):
    for module in ("accounts.admin", "tickets.leaving.views"):
        monkeypatch.setattr(f"{module}.MOST_LEAVERS", 3)
    three, fourth = [agent, *UserFactory.create_batch(2, agent=True)], UserFactory(agent=True)
    TicketFactory(assigned_agent=agent)
    numbers, leaving = [user.pk for user in three], reverse("tickets:leaving")
    chosen = {"action": "deactivate", "_selected_action": numbers}
    assert boss.post(USERS, chosen, follow=True).context["users"] == sorted(three, key=lambda user: user.username)
    numbers.append(fourth.pk)
    for answer in (
        boss.post(USERS, {"action": "deactivate", "_selected_action": numbers}, follow=True),
        boss.get(leaving, {"user": numbers}, follow=True),
        boss.post(leaving, {"user": numbers, "destination": "nobody"}, follow=True),
    ):
        assert answer.redirect_chain == [(USERS, 302)]
        assert "Nobody was deactivated: at most 100 at once" in answer.content.decode()
    assert User.objects.active().filter(pk__in=numbers).count() == 4


def test_nobody_who_leaves_is_offered_the_tickets(boss, agent, other_agent):
    TicketFactory(assigned_agent=agent)
    page = boss.get(reverse("tickets:leaving"), {"user": agent.pk}).content.decode()
    assert f'<option value="{agent.pk}"' not in page
    assert f'<option value="{other_agent.pk}"' in page


def test_an_agent_must_be_chosen_where_it_says_so(boss, agent):
    ticket = TicketFactory(assigned_agent=agent)
    answer = boss.post(reverse("tickets:leaving"), {"user": agent.pk, "destination": "agent", "agent": ""})
    assert answer.status_code == 422
    assert "Choose an agent who stays." in answer.content.decode()
    assert agents_of(ticket) == [agent]


@pytest.mark.parametrize("who", ["", "x", "0", "9" * 30, "²"])
def test_a_question_about_nobody_is_no_page(boss, who):
    assert boss.get(reverse("tickets:leaving"), {"user": who}).status_code == 404


@pytest.mark.parametrize(
    ("several", "words"),
    [(False, "John Smith is deactivated already."), (True, "Alex Johnson, John Smith are deactivated already.")],
)
def test_the_same_question_answered_twice_leads_to_the_same_page(boss, agent, other_agent, several, words):
    data = {"user": [agent.pk, other_agent.pk] if several else agent.pk, "destination": "nobody"}
    answers = [boss.post(reverse("tickets:leaving"), data, follow=True) for _time in range(2)]
    assert [answer.redirect_chain for answer in answers] == [[(USERS, 302)]] * 2
    assert words in answers[1].content.decode()
