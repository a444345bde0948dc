"""Stories about software and about what the directory says of people."""

from tickets.enums import Priority, Status
from tickets.seeding.script import (
    ADMIN,
    EMILY,
    JAMES,
    JANE,
    JOHN,
    SOPHIA,
    Change,
    Say,
    Story,
)

STORIES = (
    Story(
        slug="install-statistics",
        at="7 10:15",
        requester=SOPHIA,
        title="Please install the statistics program on my computer",
        text="""For the customer survey I need

- R 4.4 or newer
- RStudio
- the packages `tidyverse` and `survey`

I'd like to start next week.""",
        steps=(
            Change("7 10:40", EMILY, {"assigned_agent": EMILY, "status": Status.IN_PROGRESS}),
            Say(
                "7 10:43",
                EMILY,
                "All three are approved. I'll install them this afternoon; please leave the computer on.",
            ),
            Say(
                "6 09:00",
                EMILY,
                """R and RStudio are there. `survey` needs a compiler that we don't install by default:

```
ERROR: compilation failed for package 'survey'
```

I'm getting the ready-made package instead.""",
            ),
        ),
    ),
    Story(
        slug="pdf-editor",
        at="14 15:02",
        requester=JAMES,
        title="Licence for the PDF editor",
        text="I have to fill in and sign a dozen contracts a week. The free reader can't sign.",
        priority=Priority.LOW,
        steps=(
            Change("14 15:30", EMILY, {"assigned_agent": EMILY}),
            Say(
                "14 15:33",
                EMILY,
                "A licence is 85 a year from your department's budget. I need your head's consent here.",
            ),
            Change("14 15:34", EMILY, {"status": Status.WAITING}),
            Say("3 09:20", JAMES, "She wants to know whether two people may share one."),
            Say("3 10:02", EMILY, "No, it's by person. Two cost 150 together."),
        ),
    ),
    Story(
        slug="update-hangs",
        at="17 16:48",
        requester=JANE,
        title="System update hangs at 87 %",
        text="The update has stood at 87 % since lunch. May I switch the computer off?",
        steps=(
            Change("17 16:55", EMILY, {"assigned_agent": EMILY, "status": Status.IN_PROGRESS}),
            Say(
                "17 16:57",
                EMILY,
                "Please **don't** switch it off. Leave it on over night, it often goes through by itself.",
            ),
            Say("16 08:05", JANE, "It did! Everything's there."),
            Change("16 08:20", EMILY, {"status": Status.RESOLVED}),
        ),
    ),
    Story(
        slug="design-software",
        at="300 min",
        requester=JANE,
        title="Drawing program for our new trainee",
        text="Lena starts on the first of the month and needs the same drawing program as I have. No hurry.",
        priority=Priority.LOW,
    ),
    Story(
        slug="install-accounting",
        at="9 08:47",
        requester=JAMES,
        title="Accounting program asks for an administrator at each start",
        text="Each time I start it, a window asks for an administrator's password. I click it away, and "
        "it works anyway.",
        priority=Priority.LOW,
        steps=(
            Change("9 09:30", EMILY, {"assigned_agent": EMILY}),
            Say("9 09:34", EMILY, "It wants to update itself. I've put the new version into the software centre."),
            Say("8 08:55", JAMES, "Installed from there, and the window is gone."),
            Change("8 09:10", EMILY, {"status": Status.RESOLVED}),
        ),
    ),
    Story(
        slug="contact-sophia",
        at="13 09:26",
        requester=SOPHIA,
        title="Update my contact information",
        text="""I've moved to the sales office. Please change in the directory:

| | old | new |
| --- | --- | --- |
| room | 2.114 | S.03 |
| telephone | 4417 | 6102 |""",
        priority=Priority.LOW,
        steps=(
            Change("13 10:00", EMILY, {"assigned_agent": EMILY}),
            Say("13 10:10", EMILY, "Changed. It shows in the directory at once, on the telephones from tomorrow."),
            Change("13 10:11", EMILY, {"status": Status.RESOLVED}),
        ),
    ),
    Story(
        slug="contact-james",
        at="1 15:12",
        requester=JAMES,
        title="My name is misspelt in the directory",
        text="It says *Andersson* with a double s. My e-mail address is right.",
        priority=Priority.LOW,
        steps=(
            Change(
                "1 15:20",
                JAMES,
                {
                    "description": "It says *Andersson* with a double s, also on the door plate. My e-mail address "
                    "is right."
                },
            ),
        ),
    ),
    Story(
        slug="on-call-list",
        at="6 17:30",
        requester=JAMES,
        title="Old mobile number of mine on the on-call list",
        text="The on-call list has my old number, so the guards couldn't reach me last night. The new one ends in 771.",
        priority=Priority.HIGH,
        steps=(
            Change("6 17:45", ADMIN, {"assigned_agent": ADMIN, "status": Status.IN_PROGRESS}),
            Say("6 17:50", ADMIN, "The list is right from tonight. I'm finding out where the old number came from."),
            Say(
                "5 09:00", ADMIN, "It comes from the payroll system, which overwrites ours every Sunday. They are told."
            ),
        ),
    ),
    Story(
        slug="new-starter",
        at="75 min",
        requester=SOPHIA,
        title="Workplace for a new colleague in sales",
        text="""Sophia called. A new colleague starts on Monday in a week, in room S.05:

1. laptop with docking station and two screens
2. telephone, number from the range 61xx
3. groups *Sales* and *Price list (read)*""",
        opened_by=EMILY,
        agent=JOHN,
        steps=(Say("55 min", SOPHIA, "A headset too, please, if there's one left."),),
    ),
)
