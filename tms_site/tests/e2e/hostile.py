"""A world full of code: texts that have run scripts elsewhere in every field, and the check that none is run here."""

from types import SimpleNamespace

from django.contrib.auth.signals import user_login_failed
from playwright.sync_api import Page

from accounts.factories import UserFactory
from accounts.models import User
from accounts.tokens.models import PersonalToken
from activity.webhooks.models import Webhook, WebhookDelivery
from tickets import services
from tickets.attachments.models import Attachment
from tickets.bulk.models import BulkRow, BulkRun, Outcome
from tickets.links.kinds import LinkKind, Relation
from tickets.links.services import add_link
from tickets.merging.services import merge_tickets
from tickets.models import Category, Comment, SavedView, Tag, Team, Ticket, TicketTag
from tickets.presence.services import note_present
from tickets.ratings.services import rate_ticket
from tickets.replies.models import CannedReply
from tickets.replies.services import create_reply
from tickets.watching.models import TicketWatcher
from tms_site.tests.xss_corpus import XSS, XSS_LINKS

CORPUS = (*XSS, *XSS_LINKS)
ROWS = 200
# What no page of TMS has: code in attributes, frames, scripts, forms and styles of strangers, odd links.
INJECTED = """() => [
    ...document.querySelectorAll(`iframe, object, embed, base, video, audio, math, marquee, isindex, noscript, style,
        script:not([src^="/static/"], [src="/admin/jsi18n/"], [type="application/json"]),
        link:not([href^="/static/"], [rel=icon]),
        img:not([src^="/static/"]),
        form:not([action^="/"], :not([action])), [formaction]:not([formaction^="/"]), svg script, svg a, svg animate,
        svg use:not([href^="#"], [*|href^="#"]), meta[http-equiv], [style*="expression"], [hx-on\\\\:load], x`),
    ...[...document.querySelectorAll("*")].filter((each) =>
        [...each.attributes].some(({name}) => /^(on|hx-on|data-hx-on)/i.test(name))),
    ...[...document.querySelectorAll("a[href]")].filter((each) => !/^(https?|mailto):$/.test(each.protocol)),
    ...document.querySelectorAll(".prose :is(img, svg, input, button, form, script)"),
].map((each) => each.outerHTML.slice(0, 200))"""


def check(page: Page, *, shows: int = 0) -> None:
    """Expect that the page has nothing that somebody else put there, and shows at least so many of the texts."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate(INJECTED) == [], page.url
    if shows:
        assert page.content().count("alert") >= shows, f"{page.url} doesn't show the texts"


def line(text: str) -> str:
    """Return a text as a line of it may be stored."""
    return " ".join(text.split())


def bulk_users(role: str, start: int) -> list[User]:
    """Make a user of a role for each text, with the text as the name."""
    return User.objects.bulk_create(
        User(
            id=start + number,
            email=f"{role}{number}@example.com",
            email_key=f"{role}{number}@example.com",
            username=line(text)[:150],
            role=role,
            password="!",
        )
        for number, text in enumerate(CORPUS)
    )


def build_world() -> SimpleNamespace:
    """Write every text into tickets, their talks and the log; return who looks, and at what."""
    agents = bulk_users("agent", 10_000)
    owner = UserFactory(requester=True, id=1, username=CORPUS[0])
    agent = UserFactory(agent=True, id=2, username=CORPUS[15])
    sysadmin = UserFactory(sysadmin=True, id=3, username=CORPUS[21])
    Ticket.objects.bulk_create(
        Ticket(
            id=1_000 + number,
            title=line(text)[:255],
            description=text,
            requester=owner,
            created_by=agents[number],
            assigned_agent=agents[number],
        )
        for number, text in enumerate(CORPUS)
    )
    everything = "\n\n".join(CORPUS)
    talk = services.create_ticket(actor=agents[11], title=CORPUS[4], description=everything, requester=owner).ticket
    Comment.objects.bulk_create(
        Comment(ticket=talk, commented_by=agents[number], description=text) for number, text in enumerate(CORPUS)
    )
    Attachment.objects.bulk_create(
        Attachment(ticket=talk, uploaded_by=owner, name=line(text)[:150], storage_name=f"00/{number}", size=1)
        for number, text in enumerate(CORPUS)
    )
    for number in (11, 15, 21, 26):
        services.update_ticket(
            actor=agents[number],
            ticket_id=talk.pk,
            changes={"title": line(CORPUS[number]), "assigned_agent": agents[number + 1]},
        )
    # Colleagues of such names, named in a text.
    named = "\n\n".join(f"@{each.username}" for each in agents)
    Comment.objects.create(ticket=talk, commented_by=agents[0], description=named)
    for text in CORPUS:
        user_login_failed.send(sender=None, credentials={"email": text}, request=None)
    return SimpleNamespace(owner=owner, agent=agent, sysadmin=sysadmin, talk=talk, everything=everything)


def build_desk(world: SimpleNamespace) -> SimpleNamespace:
    """Write every text into what the desk keeps: teams, categories, tags, views, canned replies, webhooks and more."""
    talk, owner, agent = world.talk, world.owner, world.agent
    texts = list(enumerate(map(line, CORPUS), start=1))
    teams = Team.objects.bulk_create(Team(id=n, name=text[:60], name_key=str(n)) for n, text in texts)
    Category.objects.bulk_create(
        Category(id=n, name=text[:60], name_key=str(n), description=text[:200], default_team=teams[n - 1])
        for n, text in texts
    )
    Tag.objects.bulk_create(Tag(id=n, name=text[:40], name_key=str(n)) for n, text in texts)
    TicketTag.objects.bulk_create(TicketTag(ticket_id=999 + n, tag_id=n) for n, _text in texts)
    TicketTag.objects.bulk_create(TicketTag(ticket=talk, tag_id=n) for n in range(1, 20))
    Ticket.objects.filter(pk=talk.pk).update(category=1, team=1)
    for n in range(1, len(texts) + 1):
        Ticket.objects.filter(pk=999 + n).update(category=n, team=n)
    talk.refresh_from_db()
    views = SavedView.objects.bulk_create(
        SavedView(owner=agent, name=text[:60], slug=f"s{n}", parameters="status=open", position=n)
        for n, text in texts[:40]
    )
    replies = CannedReply.objects.bulk_create(
        CannedReply(owner=agent, name=text[:60], shortcut=f"r{n}", body=CORPUS[n - 1], tags=[text[:40]])
        for n, text in texts
    )
    filled = {"name": "Filled", "body": "{{ requester }} {{ title }} {{ agent }}"}
    create_reply(actor=agent, values=filled)
    webhooks = Webhook.objects.bulk_create(
        Webhook(name=text[:60], url=text, events=[text], secret=text[:40]) for _n, text in texts
    )
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(webhook=webhooks[0], key=str(n), event=text[:40], payload={}, status_code=500, answer=text)
        for n, text in texts
    )
    tokens = PersonalToken.objects.bulk_create(
        PersonalToken(user=owner, name=text[:60], digest=str(n), fingerprint="x", expires_at=talk.creation_date)
        for n, text in texts
    )
    run = BulkRun.objects.create(actor=agent, action="team", label=texts[0][1], created_at=talk.creation_date)
    BulkRow.objects.bulk_create(
        BulkRow(run=run, number=n, title=text, outcome=Outcome.REFUSED, reason=text) for n, text in texts
    )
    watchers = User.objects.filter(pk__gte=10_000)[:20]
    TicketWatcher.objects.bulk_create(TicketWatcher(ticket=talk, user=each) for each in watchers)
    rated = Ticket.objects.get(pk=1_010)
    services.update_ticket(actor=agent, ticket_id=rated.pk, changes={"status": "resolved"})
    rate_ticket(actor=owner, ticket_id=rated.pk, value="bad", text=" ".join(CORPUS[:12])[:500])
    for number in range(1_020, 1_026):
        add_link(actor=agent, ticket_id=talk.pk, relation=Relation(LinkKind.BLOCKS), other_id=number)
    merge_tickets(actor=agent, target_id=talk.pk, source_ids=[1_030, 1_031])
    services.delete_ticket(actor=world.sysadmin, ticket_id=1_040)
    note_present(actor=User.objects.get(pk=10_003), ticket_id=talk.pk, is_replying=True)
    return SimpleNamespace(
        view=views[0], reply=replies[0], webhook=webhooks[0], token=tokens[0], run=run, rated=rated, trashed=1_040
    )
