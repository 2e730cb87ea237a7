from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar

from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Coalesce, Greatest, Least

from remise.core.ledger.operations import Schema, Terms
from remise.core.ledger.versions import Version, VersionQuerySet
from remise.core.models import Item, Walled
from remise.vehicles.rules import as_written

OPEN = Q(known_to__isnull=True)
BY_DESK = "desk"  # the source of a value that the insurer's desk gave; no later look-up replaces it
UNKNOWN = -1  # comes before every value, 0.00 too


class RegistrationVersion(Version):
    """A vehicle on a policy: from when to when, on which terms, and when we knew. Its catalogue value is a term like
    the others, so that a corrected value has a day and a moment too (docs/adr/0004)."""

    KIND: ClassVar[str] = "vehicle"
    KEY_COLUMN: ClassVar[str] = "plate"
    SCHEMA: ClassVar[Schema] = {
        "branch": int,
        "check_code": str,
        "make": str,
        "model": str,
        "value": Decimal,
        "value_source": str,
        "value_date": date,
        "cover": str,
        "lessee": int,
        "driver": int,
        "details": dict,
    }

    BLANK: ClassVar[Terms] = MappingProxyType({"make": "", "model": ""})

    # The register's byte order, so that a prefix search behind the wall keeps its index.
    plate = models.CharField(max_length=8, db_collation="C")
    branch = models.BigIntegerField(null=True)
    # The state register's notice asks for it (Besluit kennisgevingen WAM, art. 3); trade plates have none.
    check_code = models.CharField(max_length=4, null=True)  # noqa: DJ001
    make = models.CharField(max_length=60, db_collation="C")
    model = models.CharField(max_length=80)
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    value_source = models.CharField(max_length=30, null=True)  # noqa: DJ001
    value_date = models.DateField(null=True)
    cover = models.CharField(max_length=20, null=True)  # noqa: DJ001
    lessee = models.BigIntegerField(null=True)
    driver = models.BigIntegerField(null=True)
    # What else the product asks, by the name of its field; policies.rules.FieldRule says what a value means.
    details = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    # In cents, or UNKNOWN. Comparing numerics is not leakproof and would lose the index behind the wall; whole
    # numbers keep it, and are summed faster.
    value_order = models.GeneratedField(
        expression=Coalesce(Cast(F("value") * 100, models.BigIntegerField()), UNKNOWN),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    objects = VersionQuerySet.as_manager()

    class Meta(Version.Meta):
        indexes = [
            models.Index(fields=["item"], condition=OPEN, name="fleet_registration_item"),
            # Totals are read from this one alone: all that they and the wall ask is in it.
            models.Index(
                fields=["policy", "make", "plate"],
                include=["starts", "ends", "value_order", "branch", "organisation", "portal"],
                condition=OPEN,
                name="fleet_registration_make",
            ),
            models.Index(fields=["policy", "starts", "plate"], condition=OPEN, name="fleet_registration_starts"),
            models.Index(fields=["policy", "value_order", "plate"], condition=OPEN, name="fleet_registration_value"),
            # Whose vehicles somebody drives or leases: most have neither.
            *(
                models.Index(
                    fields=[who], condition=OPEN & Q(**{f"{who}__isnull": False}), name=f"fleet_registration_{who}"
                )
                for who in ("lessee", "driver")
            ),
            # By plate, as known now and as known then: few registrations were ever known otherwise.
            models.Index(fields=["policy", "plate", "known_from"], name="fleet_registration_plate"),
            # On whatever policy, of whichever company: for who looks whether a vehicle is covered twice. A hash gives
            # no order: a list that is sorted by plate is never read through it, past what others hold.
            HashIndex(fields=["plate"], condition=OPEN, name="fleet_registration_anywhere"),
        ]

    @property
    def title(self) -> str:
        """Make and model as people write them; empty while the register has not answered."""
        return as_written(f"{self.make} {self.model}")

    def __str__(self) -> str:
        return self.plate


class Finding(Walled):
    """What the register said too late for the page to refuse it. The cover stands; a person decides. `said` holds
    what it was found by: days, sums and codes."""

    kind = models.CharField(max_length=20)  # findings.FindingKind
    item = models.ForeignKey(Item, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    said = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    # Settled with the cover as it is: by the desk, or by the customer, who says why in one of a few words.
    may_stand = models.BooleanField(default=False)
    reason = models.CharField(max_length=20, blank=True)  # radar.reasons
    dismissed_by = models.BigIntegerField(null=True)  # the account that said so
    request = models.BigIntegerField(null=True)  # of the desk, which looks at it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "kind"], condition=Q(settled_at__isnull=True), name="fleet_finding_open_once"
            ),
            models.UniqueConstraint(fields=["request"], name="fleet_finding_one_request"),
            models.CheckConstraint(
                condition=Q(may_stand=False) | Q(settled_at__isnull=False), name="fleet_finding_stands_when_settled"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "-settled_at", "-id"],
                condition=Q(may_stand=True),
                name="fleet_finding_kept",
            ),
            models.Index(
                fields=["organisation", "found_at"],
                condition=Q(settled_at__isnull=True),
                name="fleet_finding_of_company",
            ),
            models.Index(fields=["item", "kind"], name="fleet_finding_of_item"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class DoubleCover(models.Model):
    """Days on which one vehicle is covered twice: on two policies of one insurer, or also at another insurer with
    which it was agreed to compare. A row of the portal, for the insurer's people alone: one company does not learn
    of the other, and so it has no company."""

    portal = models.BigIntegerField(editable=False)
    # The registrations, by their items: of two the one whose cover began first, which likely should have ended.
    item = models.BigIntegerField()
    other = models.BigIntegerField(null=True)
    elsewhere = models.BigIntegerField(null=True)  # the other insurer's portal; nothing else is known of that cover
    plate = models.CharField(max_length=8, db_collation="C")
    other_plate = models.CharField(max_length=8, blank=True, db_collation="C")  # of the same chassis number
    starts = models.DateField()  # the days of both; end exclusive, null = both go on
    ends = models.DateField(null=True)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    may_stand = models.BooleanField(default=False)  # the desk let it stand: not found again for the same days
    request = models.BigIntegerField(null=True)  # of the desk

    class Meta:
        constraints = [
            # One of each two, whatever order they came in and however many looked at once.
            models.UniqueConstraint(
                Least("item", "other"),
                Greatest("item", "other"),
                condition=Q(settled_at__isnull=True, other__isnull=False),
                name="fleet_doublecover_open_once",
            ),
            models.UniqueConstraint(
                fields=["item", "elsewhere"],
                condition=Q(settled_at__isnull=True, elsewhere__isnull=False),
                name="fleet_doublecover_elsewhere_once",
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=True, elsewhere__isnull=False)
                | Q(other__isnull=False, elsewhere__isnull=True),
                name="fleet_doublecover_of_two",
            ),
            models.CheckConstraint(
                condition=Q(may_stand=False) | Q(settled_at__isnull=False),
                name="fleet_doublecover_stands_when_settled",
            ),
        ]
        indexes = [
            models.Index(fields=["portal", "plate"], name="fleet_doublecover_plate"),
            models.Index(fields=["item"], name="fleet_doublecover_item"),
        ]

    def __str__(self) -> str:
        return f"{self.plate} {self.pk}"


class ComparingAgreement(models.Model):
    """One insurer's side of an agreement to compare cover with another, with the legal basis it named. Nothing is
    compared before both have one that runs; neither reads the other's."""

    portal = models.BigIntegerField(editable=False)
    partner = models.BigIntegerField()  # the other insurer's portal
    basis = models.CharField(max_length=500)  # the legal basis, in words
    document = models.CharField(max_length=120)  # where it is laid down: a number, and no person's particulars
    starts = models.DateField()
    ends = models.DateField(null=True)  # the first day without
    made_by = models.BigIntegerField()  # accounts
    made_at = models.DateTimeField()
    ended_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "partner"],
                condition=Q(ended_at__isnull=True),
                name="fleet_comparingagreement_one_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(portal=F("partner")), name="fleet_comparingagreement_with_another"),
            models.CheckConstraint(
                condition=~Q(basis="") & ~Q(document=""), name="fleet_comparingagreement_has_a_basis"
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")) | Q(ended_at__isnull=False),
                name="fleet_comparingagreement_ends_later",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="fleet_comparingagreement_ended_by_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.document}"


class CoverComparison(models.Model):
    """That cover was compared with another insurer's, as each of both reads it: the door writes it, and no one else
    (`covered_elsewhere`)."""

    portal = models.BigIntegerField(editable=False)
    partner = models.BigIntegerField()
    at = models.DateTimeField()
    vehicles = models.IntegerField(null=True)  # that were compared; null where the other one asked
    found = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["portal", "partner", "-id"], name="fleet_covercomparison_last")]

    def __str__(self) -> str:
        return f"{self.partner} {self.pk}"


class RadarCheck(Walled):
    """One comparison of a company's vehicles with the register, by night or at a press; open until it is done."""

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    pressed = models.BooleanField(default=False)  # by somebody who looks on; else by night
    vehicles = models.IntegerField(default=0)  # on cover when it ended, and how many of them were compared
    compared = models.IntegerField(default=0)
    asked = models.IntegerField(default=0)  # of the register so far, and how many there are to ask
    to_ask = models.IntegerField(default=0)
    found = models.IntegerField(default=0)  # findings of the radar that were open when it ended
    tries = models.IntegerField(default=0)  # how often the register was silent

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(ended_at__isnull=True), name="fleet_radarcheck_one_open"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "ended_at"], name="fleet_radarcheck_last")]

    def __str__(self) -> str:
        return f"check {self.pk}"


class Awaited(Walled):
    """A vehicle on a policy of which the register has still to be asked, or asked again. Gone when it has answered.
    Real time: an outside system knows no other."""

    item = models.OneToOneField(Item, models.DO_NOTHING, db_constraint=False, related_name="+")
    plate = models.CharField(max_length=8, db_collation="C")
    tries = models.IntegerField(default=0)
    due = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["portal", "due"], name="fleet_awaited_due")]

    def __str__(self) -> str:
        return self.plate
