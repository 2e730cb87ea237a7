"""The projection: when something held, and when we knew."""

from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from remise.core.ledger.operations import Schema, Terms
from remise.core.models import Entry, Item, Walled


class VersionQuerySet[M: "Version"](models.QuerySet[M]):
    def as_of(self, day: date, known_at: datetime | None = None) -> Self:
        """What held on that day, as known at that moment (now, when none is given)."""
        return self.filter(starts__lte=day).not_ended(day).known(known_at)

    def not_ended(self, day: date) -> Self:
        """What holds on that day or will later."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gt=day))

    def known(self, at: datetime | None = None) -> Self:
        if at is None:
            return self.filter(known_to__isnull=True)
        return self.filter(Q(known_to__isnull=True) | Q(known_to__gt=at), known_from__lte=at)


class Version(Walled):
    """One segment as it was known from one moment to another; `ends` and `known_to` null = still.

    A room's table of versions adds a column per term of its items, and the item's policy and key for its lists.
    """

    KIND: ClassVar[str]
    KEY_COLUMN: ClassVar[str]  # the column that shows the item's key
    SCHEMA: ClassVar[Schema]
    BLANK: ClassVar[Terms] = MappingProxyType({})  # what a term is where no entry ever set it; else null

    item = models.ForeignKey(Item, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    policy = models.BigIntegerField()
    starts = models.DateField()
    ends = models.DateField(null=True)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    opened = models.ForeignKey(Entry, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    closed = models.ForeignKey(
        Entry, models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="+"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="%(app_label)s_%(class)s_ends_later"),
            models.CheckConstraint(
                condition=Q(known_to__gt=F("known_from")), name="%(app_label)s_%(class)s_known_later"
            ),
        ]


COLUMN_TYPES: dict[type, str] = {
    str: "text",
    int: "bigint",
    bool: "boolean",
    Decimal: "numeric",
    date: "date",
    dict: "jsonb",
}
