"""Services of the lists that tickets are sorted by."""

from tickets.sorting import services as lists
from tms_site.tests.faults.case import Prepare


def make_team(people):
    return lists.create_team(actor=people["sysadmin"], name="Network", members=[people["agent"]])


def make_category(people):
    return lists.create_category(actor=people["sysadmin"], name="VPN", default_team=make_team(people))


def create_team(people):
    return lambda: make_team(people)


def change_team(people):
    team, changes = make_team(people), {"name": "Nets", "members": [people["sysadmin"]]}
    return lambda: lists.change_team(actor=people["sysadmin"], team=team, changes=changes)


def delete_team(people):
    team = make_team(people)
    return lambda: lists.delete_team(actor=people["sysadmin"], team=team)


def create_category(people):
    team = make_team(people)
    return lambda: lists.create_category(actor=people["sysadmin"], name="VPN", default_team=team)


def change_category(people):
    category = make_category(people)
    return lambda: lists.change_category(actor=people["sysadmin"], category=category, changes={"default_team": None})


def delete_category(people):
    category = make_category(people)
    return lambda: lists.delete_category(actor=people["sysadmin"], category=category)


SERVICES: list[Prepare] = [
    create_team,
    change_team,
    delete_team,
    create_category,
    change_category,
    delete_category,
]
