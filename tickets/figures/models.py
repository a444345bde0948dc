"""Sums of what tickets contribute, and what changes have added since. Written only by tickets.figures.services."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class FigureKey(models.Model):
    """What a figure is about; see tickets.figures.facts.Key for the meaning of each column."""

    figure = models.PositiveSmallIntegerField()
    day = models.DateField()
    status = models.PositiveSmallIntegerField()
    priority = models.PositiveSmallIntegerField()
    # No foreign key: 0 stands for everybody, -1 for nobody, and people who are gone have still done their work.
    person = models.BigIntegerField()

    class Meta:
        abstract = True


class RollUp(FigureKey):
    """How many tickets contribute to a figure."""

    amount = models.BigIntegerField()

    objects: ClassVar[models.Manager[RollUp]] = models.Manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["figure", "person", "day", "status", "priority"], name="rollup_key"),
        )
        # Who has most of something, without looking at everybody.
        indexes = (models.Index(fields=["figure", "day", "amount", "person"], name="rollup_top"),)

    def __str__(self) -> str:
        return f"{self.figure} {self.day} {self.person}: {self.amount}"


class Histogram(models.Model):
    """How many tickets took how long, in one month: {minutes as text: tickets}, and what follows from it."""

    figure = models.PositiveSmallIntegerField()
    day = models.DateField()
    priority = models.PositiveSmallIntegerField()
    person = models.BigIntegerField()
    counts: models.JSONField[dict[str, int]] = models.JSONField()
    total = models.BigIntegerField()
    median = models.PositiveBigIntegerField(null=True)
    ninetieth = models.PositiveBigIntegerField(null=True)

    objects: ClassVar[models.Manager[Histogram]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["figure", "person", "day", "priority"], name="histogram_key"),)

    def __str__(self) -> str:
        return f"{self.figure} {self.day} {self.priority} {self.person}: {self.total}"


class FigureDelta(FigureKey):
    """What a change has added to a figure and nobody has folded into the sums yet. Rows are only added and removed."""

    minutes = models.PositiveBigIntegerField()
    amount = models.BigIntegerField()

    objects: ClassVar[models.Manager[FigureDelta]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.figure} {self.day} {self.person}: {self.amount:+}"


class FigureState(models.Model):
    """One row: whoever folds locks it. `generation` grows with each change of the sums, so that readers notice one."""

    generation = models.PositiveBigIntegerField(default=0)
    # False where there were tickets before there were sums, or first responses were noted past them:
    # `manage.py rollup --rebuild` makes them.
    is_complete = models.BooleanField(default=True)
    # Nobody folds meanwhile; a moment long ago is that of a rebuild that was killed.
    rebuilding_since = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[FigureState]] = models.Manager()

    def __str__(self) -> str:
        return f"generation {self.generation}"
