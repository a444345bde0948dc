"""How the demo's tickets are sorted: teams, categories, and which story has which category and tags."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from accounts.actors import SYSTEM
from accounts.models import User
from tickets.seeding.script import ADMIN, ALEX, EMILY, JOHN
from tickets.sorting.models import Category, Team
from tickets.sorting.names import name_key
from tickets.sorting.services import create_category, create_team

TEAMS = {
    "Network": (ADMIN, JOHN),
    "Devices": (JOHN, ALEX),
    "Accounts and mail": (EMILY, ALEX),
    "Applications": (EMILY,),
}
# Name, what helps to choose it, its team.
CATEGORIES = (
    ("E-mail and calendar", "Mail, appointments, shared mailboxes", "Accounts and mail"),
    ("Passwords and access", "Logging in, folders, second factor", "Accounts and mail"),
    ("VPN and Wi-Fi", "Working from home, wireless network", "Network"),
    ("Laptops and phones", "What you carry with you", "Devices"),
    ("Printers and meeting rooms", "What stands in the office", "Devices"),
    ("Software", "Installing, licences, updates", "Applications"),
    ("People and contacts", "Newcomers, names, numbers", "Accounts and mail"),
)
MAIL, ACCESS, VPN, LAPTOPS, PRINTERS, SOFTWARE, CONTACTS = (name for name, _help, _team in CATEGORIES)
# By the story's slug.
STORIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "mail-sync-phone": (MAIL, ("phone", "sync")),
    "mail-calendar": (MAIL, ()),
    "mail-sync-laptop": (MAIL, ("sync",)),
    "shared-mailbox": (MAIL, ()),
    "account-locked": (ACCESS, ("password",)),
    "reset-mail": (ACCESS, ("password",)),
    "temporary-password": (ACCESS, ("password",)),
    "second-factor-phone": (ACCESS, ("phone",)),
    "kiosk-login": (ACCESS, ("reception",)),
    "shared-drive": (ACCESS, ()),
    "phishing": (MAIL, ("security",)),
    "vpn-drops": (VPN, ("home-office", "vpn")),
    "vpn-certificate": (VPN, ("vpn",)),
    "vpn-sales-office": (VPN, ("vpn",)),
    "printer-third-floor": (PRINTERS, ("floor-3",)),
    "printer-scan-to-mail": (PRINTERS, ("floor-3",)),
    "laptop-overheating": (LAPTOPS, ("warranty",)),
    "dock-fan": (LAPTOPS, ()),
    "meeting-room-screen": (PRINTERS, ("oslo",)),
    "warehouse-wifi": (VPN, ("warehouse",)),
    "install-statistics": (SOFTWARE, ("licence",)),
    "pdf-editor": (SOFTWARE, ("licence",)),
    "update-hangs": (SOFTWARE, ()),
    "install-accounting": (SOFTWARE, ()),
    "contact-sophia": (CONTACTS, ()),
    "contact-james": (CONTACTS, ()),
    "new-starter": (CONTACTS, ("new-hire",)),
}


def put_up(people: Mapping[str, User], at: datetime) -> dict[str, Category]:
    """Make the teams and categories that aren't there yet, and return the categories by name."""
    teams = {name: _team(name, [people[email] for email in members], at) for name, members in TEAMS.items()}
    return {name: _category(name, words, teams[team], at) for name, words, team in CATEGORIES}


def _team(name: str, members: list[User], at: datetime) -> Team:
    known = Team.objects.filter(name_key=name_key(name)).first()
    return known or create_team(actor=SYSTEM, name=name, members=members, at=at)


def _category(name: str, words: str, team: Team, at: datetime) -> Category:
    known = Category.objects.filter(name_key=name_key(name)).first()
    return known or create_category(actor=SYSTEM, name=name, description=words, default_team=team, at=at)
