"""Who works in a generated organisation, and who is busy there."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import NamedTuple

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, UNUSABLE_PASSWORD_SUFFIX_LENGTH

from accounts.enums import Role

FIRST = """Ada Alan Alma Amir Ana Anton Aya Ben Boris Carla Cem Chen Clara Dana David Diego Ebba Elif Emil Emma Erik
Eva Fatima Felix Finn Greta Hana Hugo Ida Igor Ines Ivan Jan Jana Jon Jonas Julia Karim Kira Lara Lea Leo Lina Luca
Luis Maja Marco Maria Max Mia Mila Mina Nadia Nils Nina Noah Nora Olga Omar Otto Paul Petra Priya Rosa Rui Sam Sara
Sofia Stefan Tara Theo Tom Uma Vera Viktor Wanda Yara Yusuf Zoe"""
LAST = """Abbott Adler Ahmed Baker Bauer Becker Berg Bianchi Bond Brandt Brown Carter Chen Costa Cruz Dahl Davis Diaz
Dubois Eder Ellis Evans Faber Fischer Ford Fox Garcia Gruber Haas Hall Hansen Huber Ito Ivanov Jansen Jones Kaya
Keller Khan Kim Koch Kovac Kumar Lang Larsen Lee Lopez Maier Marino Martin Meyer Mill Moreau Moser Nagy Novak Olsen
Ortiz Park Patel Perez Peters Petrov Popa Reed Reyes Ricci Rossi Ruiz Sato Schmid Shaw Silva Singh Smith Steiner Stone
Tan Taylor Varga Vogel Wagner Wang Weber White Wolf Wong Wood Young Yilmaz Ziegler"""
# How much busier the first are than those behind them: who has rank r asks 1/r**BUSY as often as the first.
BUSY = 0.7


class Person(NamedTuple):
    """Somebody, as the log names them."""

    id: int
    label: str
    role: str = Role.REQUESTER.value

    @property
    def email(self) -> str:
        """The address; the number keeps those of namesakes apart."""
        return f"{self.label.lower().replace(' ', '.')}.{self.id}@example.com"


@dataclass(frozen=True)
class Circle:
    """People with one role, some of them busier than others."""

    people: Sequence[Person]
    weights: Sequence[float]

    @classmethod
    def of(cls, people: Sequence[Person], random: Random) -> Circle:
        """Return the people in an order of business that has nothing to do with their numbers."""
        shuffled = random.sample(people, len(people))
        return cls(shuffled, list(accumulate(1 / rank**BUSY for rank in range(1, len(shuffled) + 1))))

    def pick(self, random: Random) -> Person:
        """Return somebody, a busy one more often."""
        return random.choices(self.people, cum_weights=self.weights)[0]


def people(random: Random, count: int, role: Role, first_id: int) -> list[Person]:
    """Return `count` people with names of their own choosing, numbered from `first_id`."""
    first, last = FIRST.split(), LAST.split()
    names = (f"{random.choice(first)} {random.choice(last)}" for _ in range(count))
    return [Person(first_id + number, name, role.value) for number, name in enumerate(names)]


def unusable_password(random: Random) -> str:
    """Return what Django stores for somebody who can't log in; its own function takes its characters from nowhere."""
    letters = string.ascii_letters + string.digits
    return UNUSABLE_PASSWORD_PREFIX + "".join(random.choices(letters, k=UNUSABLE_PASSWORD_SUFFIX_LENGTH))
