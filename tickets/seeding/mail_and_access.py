"""Stories about e-mail, log-in and passwords."""

from tickets.enums import Priority, RatingValue, Status
from tickets.seeding.script import (
    ADMIN,
    ALEX,
    CHLOE,
    DAVID,
    EMILY,
    ISABELLA,
    JANE,
    JOHN,
    MICHAEL,
    Change,
    Rate,
    Reword,
    Say,
    Story,
)

STORIES = (
    Story(
        slug="mail-sync-phone",
        at="8 09:41",
        requester=MICHAEL,
        title="E-mail doesn't sync on my phone",
        text="""Mails that I read on the computer stay unread on the phone, and new ones arrive hours late. The \
computer itself is fine. It's an Android phone; I changed my password last week, if that matters.""",
        priority=Priority.HIGH,
        steps=(
            Change("8 09:55", JOHN, {"assigned_agent": JOHN, "status": Status.IN_PROGRESS}),
            Say(
                "8 10:02",
                JOHN,
                """It does matter: the phone still tries the old password, and the server slows it down after each \
failure. Please

1. remove the account on the phone (*Settings → Accounts → Work → Remove*)
2. wait for ten minutes
3. add it again with the new password""",
            ),
            Say(
                "8 11:30",
                MICHAEL,
                "Done. New mails arrive at once now, but only those of the last three days are there.",
            ),
            Say(
                "8 11:42",
                JOHN,
                "That's the setting *Days to sync*, which begins at 3 for a new account. Set it to *All*.",
            ),
            Say("1 16:05", MICHAEL, "All mails are there, but the sent folder stays empty on the phone."),
            Say("1 16:30", JOHN, "I can see that from here too. I'm asking the vendor of the mail app."),
        ),
    ),
    Story(
        slug="mail-calendar",
        at="19 14:18",
        requester=MICHAEL,
        title="Calendar shows appointments one hour late",
        text="Since the clocks changed, every appointment that others send me is one hour late. My own are right.",
        steps=(
            Change("19 15:00", JOHN, {"assigned_agent": JOHN}),
            Say("19 15:04", JOHN, "Which time zone does *Options → Calendar → Time zone* show?"),
            Say("18 08:20", MICHAEL, "It says (UTC+00:00) Reykjavik."),
            Say("18 08:33", JOHN, "There we are. Choose your own zone and restart the mail program, please."),
            Say("18 08:50", MICHAEL, "Solved. I've never been to Reykjavik."),
            Change("18 09:00", JOHN, {"status": Status.RESOLVED}),
            Rate("18 09:20", MICHAEL, RatingValue.GOOD, "Quick and friendly."),
        ),
    ),
    Story(
        slug="mail-sync-laptop",
        at="13 11:07",
        requester=MICHAEL,
        title="Mail program on the laptop hangs at “Synchronising”",
        text="It has shown *Synchronising folders (1 of 38)* for an hour. In the browser I see all my mails.",
        priority=Priority.HIGH,
        steps=(
            Change("13 11:20", JOHN, {"assigned_agent": JOHN, "status": Status.IN_PROGRESS}),
            Say(
                "13 11:45",
                JOHN,
                "The local copy is damaged. I've removed it; the program loads it again, which takes an hour.",
            ),
            Change("12 09:00", JOHN, {"status": Status.RESOLVED}),
            Say("7 08:30", MICHAEL, "Unfortunately it hangs again since this morning, now at folder 12 of 38."),
            Say(
                "7 09:15",
                JOHN,
                "Folder 12 is *Archive 2019* with 61,000 mails. I'll split it by month on the server over night.",
            ),
        ),
    ),
    Story(
        slug="shared-mailbox",
        at="5 13:22",
        requester=JANE,
        title="Shared mailbox “Events” has disappeared from my mail program",
        text="""I look after events@ together with Sophia. Since yesterday the mailbox isn't in my list any more; \
Sophia still sees it.""",
        steps=(
            Change("5 13:40", EMILY, {"assigned_agent": JOHN}),
            Say(
                "5 14:02",
                JOHN,
                "Your right to it had an end date: yesterday. Who owns the mailbox? They have to prolong it.",
            ),
            Change("5 14:03", JOHN, {"status": Status.WAITING}),
            Say("4 10:11", JANE, "That's our head of marketing, who is back on Monday. I've asked her by e-mail."),
        ),
    ),
    Story(
        slug="account-locked",
        at="20 07:58",
        requester=DAVID,
        title="Account locked after too many attempts",
        text="David called: back from three weeks of holiday, he can't remember his password, and now he's locked out.",
        priority=Priority.URGENT,
        opened_by=ALEX,
        agent=ALEX,
        steps=(
            Say(
                "20 08:03",
                ALEX,
                "I've checked who he is by calling back his desk, and unlocked the account. He has "
                "set a new password by "
                "the link.",
            ),
            Change("20 08:04", ALEX, {"status": Status.RESOLVED}),
        ),
    ),
    Story(
        slug="reset-mail",
        at="4 16:27",
        requester=DAVID,
        title="The mail for resetting my password never arrives",
        text="""I asked for a reset of my password for the time sheets **four times** today. The page says that a mail \
is on its way, but none comes. It isn't among the spam either.""",
        priority=Priority.MEDIUM,
        steps=(
            Change("4 16:45", ALEX, {"assigned_agent": ALEX, "status": Status.IN_PROGRESS, "priority": Priority.HIGH}),
            Say(
                "4 16:50",
                ALEX,
                "The time sheets still know your old address, so the mails went there. Which one is right?",
            ),
            Say("3 07:40", DAVID, "`david.wilson@example.com`. The old one was from before the merger."),
            Say("3 09:10", ALEX, "I've asked the people of the time sheets to change it and keep you posted here."),
        ),
    ),
    Story(
        slug="temporary-password",
        at="15 10:33",
        requester=DAVID,
        title="Temporary password has expired",
        text="I got a temporary password for the travel portal on Friday, and it isn't valid any more today.",
        steps=(
            Change("15 10:50", ALEX, {"assigned_agent": ALEX}),
            Say("15 10:52", ALEX, "They last for 24 hours. You'll get a new one; please use it today."),
            Say("15 11:15", DAVID, "Used, changed, works."),
            Change("15 11:20", ALEX, {"status": Status.RESOLVED}),
        ),
    ),
    Story(
        slug="second-factor-phone",
        at="2 08:14",
        requester=ISABELLA,
        title="New phone: codes for logging in don't work any more",
        text="I've got a new phone, and the app for the codes is empty. The old phone has already been wiped.",
        priority=Priority.HIGH,
        steps=(
            Change("2 08:30", ALEX, {"assigned_agent": ALEX, "status": Status.IN_PROGRESS}),
            Say(
                "2 08:36",
                ALEX,
                """No problem, two ways:

- you find the sheet with the **recovery codes** that you printed when you began; one of them lets you in, or
- you come to the desk with your staff card, and I reset the second factor.""",
            ),
            Change("2 08:37", ALEX, {"status": Status.WAITING}),
        ),
    ),
    Story(
        slug="kiosk-login",
        at="1 11:50",
        requester=CHLOE,
        title="Reception computer doesn't accept visitors' log-ins",
        text="Visitors get a slip with user and password, but the reception computer answers “user unknown” today.",
        priority=Priority.HIGH,
        steps=(
            Change("1 12:10", ADMIN, {"assigned_agent": ALEX}),
            Say("1 12:30", CHLOE, "We let visitors use my computer for now, which isn't ideal."),
            Reword("1 12:34", CHLOE, 1, "We write visitors down on paper for now. Eleven are announced for tomorrow."),
        ),
    ),
    Story(
        slug="shared-drive",
        at="10 09:05",
        requester=JANE,
        title="No access to the folder “Trade fairs 2026”",
        text="I'm in the project since last week, and the folder says “Access denied”. My head has "
        "agreed, see her mail.",
        steps=(
            Change("10 09:30", ALEX, {"assigned_agent": ALEX, "status": Status.IN_PROGRESS}),
            Say("10 09:32", ALEX, "I've added you to the group. Please log out and in again, then try once more."),
            Say("10 10:05", JANE, "I can read now, but not save."),
            Say(
                "10 10:20", ALEX, "Sorry, that was the wrong of two groups. You can write now, after logging in again."
            ),
            Say("10 10:41", JANE, "Perfect."),
            Change("10 10:45", ALEX, {"status": Status.RESOLVED}),
        ),
    ),
    Story(
        slug="phishing",
        at="11 08:06",
        requester=CHLOE,
        title="Strange mail about an unpaid invoice with a link",
        text="""Several of us got a mail *Last reminder: invoice 88213* with a link. I did **not** click. The sender \
looks like our own accounting department, but the address ends in `.co`.""",
        priority=Priority.HIGH,
        steps=(
            Change("11 08:12", ADMIN, {"priority": Priority.URGENT, "assigned_agent": ADMIN}),
            Say("11 08:20", ADMIN, "Well spotted. It's phishing; please don't delete it yet, I need its headers."),
            Change("11 08:21", ADMIN, {"status": Status.IN_PROGRESS}),
            Say(
                "11 09:40",
                ADMIN,
                """Done:

- sender and link are blocked
- the mail is removed from all 46 mailboxes that got it
- two people had clicked; their passwords are reset

You can delete yours.

> I did **not** click

That was exactly right.""",
            ),
            Change("11 09:41", ADMIN, {"status": Status.RESOLVED}),
        ),
    ),
)
