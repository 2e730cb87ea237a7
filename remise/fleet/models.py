from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from remise.core.ledger.operations import Schema
from remise.core.ledger.versions import Version, VersionQuerySet

OPEN = Q(known_to__isnull=True)


class RegistrationVersion(Version):
    """A vehicle on a policy: from when to when, on which terms, and when we knew. Its catalogue value is a term like
    the others, so that a corrected value has a day and a moment too (docs/adr/0004)."""

    KIND: ClassVar[str] = "vehicle"
    KEY_COLUMN: ClassVar[str] = "plate"
    SCHEMA: ClassVar[Schema] = {
        "branch": int,
        "make": str,
        "model": str,
        "value": Decimal,
        "value_source": str,
        "value_date": date,
        "cover": str,
        "lessee": int,
        "driver": int,
    }

    # The register's byte order, so that a prefix search behind the wall keeps its index.
    plate = models.CharField(max_length=8, db_collation="C")
    branch = models.BigIntegerField(null=True)
    make = models.CharField(max_length=60, null=True, db_collation="C")  # noqa: DJ001  # null = not known yet
    model = models.CharField(max_length=80, null=True)  # noqa: DJ001
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    value_source = models.CharField(max_length=30, null=True)  # noqa: DJ001
    value_date = models.DateField(null=True)
    cover = models.CharField(max_length=20, null=True)  # noqa: DJ001
    lessee = models.BigIntegerField(null=True)
    driver = models.BigIntegerField(null=True)

    objects = VersionQuerySet.as_manager()

    class Meta(Version.Meta):
        indexes = [
            models.Index(fields=["item"], condition=OPEN, name="fleet_registration_item"),
            models.Index(fields=["policy", "plate"], condition=OPEN, name="fleet_registration_plate"),
            models.Index(fields=["policy", "make", "plate"], condition=OPEN, name="fleet_registration_make"),
            models.Index(fields=["policy", "starts", "plate"], condition=OPEN, name="fleet_registration_starts"),
            models.Index(fields=["policy", "value", "plate"], condition=OPEN, name="fleet_registration_value"),
            models.Index(fields=["policy", "plate", "known_from"], name="fleet_registration_known"),
        ]

    def __str__(self) -> str:
        return self.plate
