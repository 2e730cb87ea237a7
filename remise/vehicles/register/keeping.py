"""Stores what the register said. Who looks a plate up may not write the register's table: it goes by a door."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from remise.core.clock import day_of
from remise.vehicles.models import Vehicle
from remise.vehicles.register.client import Answer
from remise.vehicles.register.reading import Published
from remise.vehicles.register.typical import typical_values
from remise.vehicles.values import doubt

SOURCE = "RDW"


def keep(answer: Answer) -> dict[str, Vehicle]:
    """Plate -> what is now stored."""
    store(answer)
    return Vehicle.objects.in_bulk([*answer.published, *answer.unknown])


def store(answer: Answer) -> None:
    """An older answer never replaces a newer one, and a plate that the register does not
    know any more keeps what it said before."""
    now = timezone.now()
    typical = typical_values({(said.make, said.model) for said in answer.published.values() if said.catalogue_value})
    rows = [
        *(_row(said, now, typical.get((said.make, said.model))) for said in answer.published.values()),
        *({"plate": plate, "found": False, "source": SOURCE, "looked_up_at": now} for plate in answer.unknown),
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute("select vehicles_keep_answer(%s::jsonb)", [json.dumps(rows, default=str)])


def _row(said: Published, now: datetime, typical: Decimal | None) -> Mapping[str, object]:
    unsure = said.catalogue_value is not None and doubt(
        said.catalogue_value,
        kind=said.kind,
        first_admitted_on=said.first_admitted_on,
        typical=typical,
        on=day_of(now),
    )
    return asdict(said) | {"found": True, "value_doubt": unsure or "", "source": SOURCE, "looked_up_at": now}
