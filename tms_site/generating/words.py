"""What people write: words by Zipf's law, some codes and accents among them, and markers that are easy to look for."""

from __future__ import annotations

from random import Random

# One ticket in a thousand says ZIRKON, one in a hundred thousand QUETZAL, and nothing else ever does.
ZIRKON, QUETZAL = "zirkonium", "quetzalcoatl"
EVERY_ZIRKON, EVERY_QUETZAL = 1_000, 100_000

VOCABULARY = 20_000
DRAWER = 400_000
SEED_OF_VOCABULARY = 4711

# The most frequent ones first.
FREQUENT = """the to and a i is it my not in on of for this with when but can we at since have no after from that
please are again was error new still works work computer password printer log account e-mail file open network screen
message login help need phone access laptop try update system window mail now only since morning yesterday today user
page button folder server connection drive slow start restart program application office document print meeting
calendar team room keyboard mouse monitor cable dock wireless vpn browser website address number code token reset
locked expired license install installed software version driver license request approve approval order invoice report
table database backup restore delete deleted missing lost found shared share group permission denied allowed rights
profile picture signature attachment send sent receive received inbox spam virus warning security certificate domain
name host port proxy firewall guest visitor badge door camera headset microphone speaker sound video call conference
line transfer voicemail fax scanner scan copy paper toner tray jam queue job color label plotter device model serial
battery charger power adapter noise fan heat broken crack display touch pen tablet mobile app store sync synchronise
cloud storage quota full space disk memory crash freeze blue black white blank loading timeout failed failure unable
cannot impossible wrong correct right left first last next previous every always never sometimes often once twice
minute hour day week month year quarter deadline urgent important customer colleague manager department finance
accounting sales marketing production warehouse logistics legal personnel payroll contract vacation travel expense
training project plan schedule task ticket question answer solution workaround problem issue incident change ask asked
tell told show shows see seen look appears disappears remains happens happened changed moved opened closed saved
reported checked tested replaced repaired ordered delivered shipped arrived returned connected disconnected switched
turned pressed clicked typed entered selected chosen copied pasted renamed removed added created joined left"""
RARE_ACCENTS = ("café", "Zürich", "naïve", "Müller", "señor", "façade", "Łódź", "crème", "Ångström", "déjà")
FOREIGN = (  # the search must cope with other alphabets
    "プリンターが動きません。",
    "无法登录邮箱。",
    "Der Drucker im zweiten Stock druckt nur noch leere Seiten.",
    "Не работает принтер.",  # noqa: RUF001 - that's Russian
)
SYLLABLES = """ba be bi bo bu da de di do du fa fe fi ga ge go ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni
no nu pa pe pi po ra re ri ro ru sa se si so su ta te ti to tu va ve vi vo wa we wi bar bel den dor fer gal har jan
kel lin mar nor pel ran sel tan ver win zel"""
SENTENCE_MIN, SENTENCE_MAX = 5, 14
# How often, in all texts, one of these stands in it.
CODE_SHARE, DEVICE_SHARE, ACCENT_SHARE, FOREIGN_SHARE = 0.02, 0.03, 0.01, 0.002


def vocabulary(size: int = VOCABULARY) -> list[str]:
    """Return `size` different words, the most frequent first; the rare ones are made up of syllables."""
    words = list(dict.fromkeys(FREQUENT.split()))[:size]
    known = set(words)
    syllables = SYLLABLES.split()
    random = Random(SEED_OF_VOCABULARY)
    while len(words) < size:
        word = "".join(random.choices(syllables, k=random.choice((2, 3, 3, 4))))
        if word not in known:
            known.add(word)
            words.append(word)
    return words


def drawer(words: list[str]) -> list[str]:
    """Return a list in which words stand as often as Zipf wants: that of rank r 1/r as often as the first.

    To draw from it blindly is three times as quick as to weigh words each time.
    """
    first = DRAWER / sum(1 / rank for rank in range(1, len(words) + 1))
    return [word for rank, word in enumerate(words, start=1) for _ in range(max(round(first / rank), 1))]


class Writer:
    """Writes titles and texts, the same ones for the same random numbers."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._drawer = drawer(vocabulary())

    def title(self) -> str:
        """Return a title of three to eight words."""
        words = self._take(self._random.randint(3, 8))
        return self._capital(" ".join(words))

    def text(self, words: int, *, marker: str = "") -> str:
        """Return some sentences of about `words` words together, with the marker among them if there's one."""
        taken = self._take(words)
        taken += self._specials()
        if marker:
            taken[self._random.randrange(len(taken))] = marker
        sentences = []
        at = 0
        while at < len(taken):
            length = self._random.randint(SENTENCE_MIN, SENTENCE_MAX)
            sentences.append(f"{self._capital(' '.join(taken[at : at + length]))}.")
            at += length
        return " ".join(sentences)

    def _take(self, count: int) -> list[str]:
        return self._random.choices(self._drawer, k=count)

    def _specials(self) -> list[str]:
        chance = self._random.random()
        if chance >= CODE_SHARE + DEVICE_SHARE + ACCENT_SHARE + FOREIGN_SHARE:
            return []
        if chance < CODE_SHARE:
            return ["error", f"0x8007{self._random.randrange(0x10000):04x}"]
        if chance < CODE_SHARE + DEVICE_SHARE:
            return ["device", f"PC-{self._random.randrange(10_000):04d}"]
        if chance < CODE_SHARE + DEVICE_SHARE + ACCENT_SHARE:
            return [self._random.choice(RARE_ACCENTS)]
        return [self._random.choice(FOREIGN)]

    @staticmethod
    def _capital(text: str) -> str:
        return f"{text[:1].upper()}{text[1:]}"


def marker_of(number: int) -> str:
    """Return the marker that the ticket stands for which is the `number`th of its organisation, if it is for one."""
    if number % EVERY_QUETZAL == EVERY_QUETZAL // 2:
        return QUETZAL
    return ZIRKON if number % EVERY_ZIRKON == EVERY_ZIRKON // 4 else ""
