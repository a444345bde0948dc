"""Stories about the network, devices and rooms: VPN, printer, laptop."""

from tickets.enums import Priority, RatingValue, Status
from tickets.seeding.script import (
    ADMIN,
    ALEX,
    CHLOE,
    ISABELLA,
    JAMES,
    JANE,
    JOHN,
    MICHAEL,
    SOPHIA,
    Change,
    Rate,
    Reword,
    Say,
    Story,
    Withdraw,
)

STORIES = (
    Story(
        slug="vpn-drops",
        at="21 08:52",
        requester=JANE,
        title="VPN drops every ten minutes when I work from home",
        text="""Since Monday the VPN disconnects about every ten minutes, and I have to type my password again.

What I've tried:

1. restarting the laptop and the router
2. a cable instead of Wi-Fi
3. my phone's hotspot: the same

The client says `Connection lost: keepalive timeout (ERR 809)`.""",
        priority=Priority.MEDIUM,
        steps=(
            Change("21 09:05", ADMIN, {"assigned_agent": ADMIN, "priority": Priority.HIGH}),
            Change("21 09:06", ADMIN, {"status": Status.IN_PROGRESS}),
            Say(
                "21 09:14",
                ADMIN,
                """Thanks, the error number helps. Error 809 means that packets get lost on UDP port 4500.

Please switch the client to TCP for now: **Settings → Transport → TCP only**. I'm looking at the gateway meanwhile.""",
            ),
            Say("21 10:40", JANE, "TCP works: an hour without a break. A little slower, but I can work."),
            Say(
                "20 15:20",
                ADMIN,
                """Found it: the update of the gateway on Sunday had reset its session timer to 600 seconds.

```
set vpn ipsec keepalive-interval 30
set vpn ipsec session-timeout 28800
```

You can set the transport back to automatic.""",
            ),
            Say("19 09:02", JANE, "Back on automatic since yesterday evening, not a single drop. Thank you!"),
            Change("19 09:10", ADMIN, {"status": Status.RESOLVED}),
            Rate("19 11:00", JANE, RatingValue.GOOD, "TCP did it. Thank you!"),
        ),
    ),
    Story(
        slug="vpn-certificate",
        at="16 13:31",
        requester=JAMES,
        title="VPN: “No valid certificate” on my new laptop",
        text="""I got a new laptop on Friday. Everything works in the office, but at home the VPN client says \
*No valid certificate found* and doesn't even ask for my password.""",
        priority=Priority.HIGH,
        steps=(
            Change("16 13:50", JOHN, {"assigned_agent": ADMIN}),
            Say(
                "16 14:20",
                ADMIN,
                "The certificate belongs to the old laptop. I've issued a new one; it installs itself the next time "
                "you're in the office network and lock and unlock the screen once.",
            ),
            Change("16 14:21", ADMIN, {"status": Status.WAITING}),
            Say("15 09:25", JAMES, "In the office this morning, locked and unlocked, and now there's a certificate."),
            Say("15 18:40", JAMES, "And it works from home."),
            Change("14 08:15", ADMIN, {"status": Status.RESOLVED}),
            Rate("14 09:02", JAMES, RatingValue.BAD, "It took two days until somebody asked the right question."),
        ),
    ),
    Story(
        slug="vpn-sales-office",
        at="6 07:48",
        requester=SOPHIA,
        title="Nobody in the sales office gets through the VPN",
        text="All nine of us have been cut off since about 7:30. The internet itself works. The price "
        "list is due at noon.",
        priority=Priority.HIGH,
        steps=(
            Change(
                "6 07:55",
                ADMIN,
                {"priority": Priority.URGENT, "status": Status.IN_PROGRESS, "assigned_agent": ADMIN},
            ),
            Say("6 07:58", ADMIN, "I see it: your office's line has a new address since the provider's maintenance."),
            Say("6 08:34", ADMIN, "The gateway knows the new address now. Please try again, one of you is enough."),
            Say("6 08:41", SOPHIA, "All nine are in. That was quick, thank you."),
            Change("6 08:45", ADMIN, {"status": Status.RESOLVED}),
            Rate("6 10:10", SOPHIA, RatingValue.GOOD),
        ),
    ),
    Story(
        slug="printer-third-floor",
        at="9 10:12",
        requester=CHLOE,
        title="Printer on the 3rd floor prints stripes",
        text="""The printer next to the kitchen on the **3rd floor** prints grey stripes across every page, since this \
morning. Copies have them too, so it isn't my document.""",
        steps=(
            Change("9 10:30", JOHN, {"assigned_agent": JOHN, "status": Status.IN_PROGRESS}),
            Say(
                "9 10:34",
                JOHN,
                """Stripes on copies too: then it's the drum or the toner. Could you please

- open the front door and take the black cartridge out
- shake it gently, and put it back
- print the test page: *Menu → Reports → Print quality*

and tell me whether the stripes are still in the same place?""",
            ),
            Say("9 11:20", CHLOE, "Done. The stripes are weaker, but still there, every 9 cm."),
            Say("9 11:31", JOHN, "Every 9 cm is the drum, then. I've ordered one, it arrives on Thursday."),
            Reword(
                "9 11:45",
                JOHN,
                3,
                "Every 9 cm is the drum, then. I've ordered one, it arrives on Wednesday. Until then the printer on "
                "the 2nd floor is set up on all your computers as `PRN-2-EAST`.",
            ),
            Change("9 11:46", JOHN, {"status": Status.WAITING}),
            Say("4 09:15", CHLOE, "Any news of the drum? People queue on the 2nd floor."),
            Change("4 09:40", JOHN, {"priority": Priority.HIGH, "status": Status.IN_PROGRESS}),
            Say("4 09:42", JOHN, "It came to the wrong building. I've got it on my desk and change it after lunch."),
        ),
    ),
    Story(
        slug="printer-scan-to-mail",
        at="2 14:05",
        requester=CHLOE,
        title="3rd floor printer: scans no longer arrive by e-mail",
        text="I scan to my own address from the address book of the device. It says “sent”, but nothing arrives.",
        priority=Priority.LOW,
        steps=(Say("2 16:20", CHLOE, "It works if I type the address by hand. So it may be the address book."),),
    ),
    Story(
        slug="laptop-overheating",
        at="12 15:44",
        requester=ISABELLA,
        title="Laptop overheats and switches itself off",
        text="""My laptop gets so hot that I can't hold it, and it has switched itself off twice this week in the \
middle of a video call. The fan is loud all day, even with only the browser open.

It's an L14 from three years ago, asset number `NB-0417`.""",
        priority=Priority.HIGH,
        steps=(
            Change("12 16:10", JOHN, {"assigned_agent": JOHN, "status": Status.IN_PROGRESS}),
            Say(
                "12 16:15",
                JOHN,
                "Please don't use it on a cushion or a bed, and bring it over tomorrow. I'll read its temperatures.",
            ),
            Say(
                "11 11:30",
                JOHN,
                """Measured for an hour:

| load | processor | fan |
| --- | --- | --- |
| idle | 71 °C | 4,100 rpm |
| video call | 98 °C | 5,600 rpm |

The fan runs as it should, so the heat sink is blocked or has come loose. I've ordered the part and lent Isabella \
a spare laptop, `NB-0533`.""",
            ),
            Change("11 11:32", JOHN, {"status": Status.WAITING}),
            Say("5 10:05", ISABELLA, "The spare one is fine. Is there a date for mine? My old projects are on it."),
            Say(
                "5 10:50",
                JOHN,
                "The supplier says the end of this week. Your files are in the backup: shall I copy them?",
            ),
            Say("5 10:58", ISABELLA, "Yes please, the folder *Projects* is enough."),
        ),
    ),
    Story(
        slug="dock-fan",
        at="18 09:20",
        requester=ISABELLA,
        title="Loud fan as soon as the laptop is in the docking station",
        text="With two screens on the dock the fan starts after a minute. Without the dock it's quiet.",
        priority=Priority.LOW,
        steps=(
            Change("18 11:02", JOHN, {"assigned_agent": JOHN}),
            Say(
                "18 11:05", JOHN, "The dock has an update for exactly that. I'll start it tonight; leave it plugged in."
            ),
            Say("17 09:30", ISABELLA, "Much quieter. Thanks, John."),
            Change("17 09:45", JOHN, {"status": Status.RESOLVED}),
            Change("16 09:31", ISABELLA, {"title": "Loud fan when the laptop is in the docking station"}),
        ),
    ),
    Story(
        slug="meeting-room-screen",
        at="3 08:35",
        requester=JANE,
        title="Screen in meeting room Oslo shows no picture",
        text="""The screen says *No signal* for every laptop. The customers come on **Friday at 10**, so it would be \
good to have it by then.""",
        steps=(
            Change("3 09:00", ALEX, {"assigned_agent": JOHN, "priority": Priority.HIGH}),
            Change("3 13:15", JOHN, {"status": Status.IN_PROGRESS}),
            Say(
                "3 13:18", JOHN, "The cable in the table is torn. I put a loose one on the table until a new one is in."
            ),
            Say("2 08:50", JANE, "The loose one works. No hurry any more."),
            Change("2 08:52", JANE, {"priority": Priority.LOW}),
        ),
    ),
    Story(
        slug="warehouse-wifi",
        at="190 min",
        requester=MICHAEL,
        title="Hand scanners lose the Wi-Fi at the back of the warehouse",
        text="""At gates **7 to 9** the scanners lose the network, and the pickers walk back to the middle to book. \
It began when the new shelves were put up last week.""",
        priority=Priority.URGENT,
        steps=(
            Say("170 min", MICHAEL, "wrong ticket, sorry"),
            Withdraw("160 min", ADMIN, 1),
            Say(
                "150 min",
                MICHAEL,
                "The late shift starts at 2 p.m. with twelve people. Could somebody look before that?",
            ),
        ),
    ),
)
