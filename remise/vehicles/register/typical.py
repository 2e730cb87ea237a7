"""What a make and model mostly costs, learned from all vehicles at once, and doubts that follow from it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain

from django.db import connection, transaction
from django.utils import timezone

from remise.vehicles.models import TypicalValue
from remise.vehicles.values import Doubt, rule_on

FEWEST = 5  # of a make and model, before their median says anything
ROOM_TO_SORT = "set local work_mem = '256MB'"  # for millions of rows, within one transaction
LEARNED_LATELY = timedelta(hours=20)  # once a day is enough, however many portals there are

# Of what is sure or would be without a median: so the medians follow from the vehicles, and not from earlier medians.
_LEARN = """
insert into vehicles_typicalvalue (make, model, value, vehicles, learned_at)
select make, model, percentile_disc(0.5) within group (order by catalogue_value), count(*), %s
from vehicles_vehicle where catalogue_value is not null and value_doubt in ('', %s)
group by make, model having count(*) >= %s"""
# What is in doubt for another reason stays so: the model is the last thing that `values.doubt` looks at.
_JUDGE = """
update vehicles_vehicle v set value_doubt = case when v.value_doubt = '' then %(unlike)s else '' end
from vehicles_typicalvalue t
where (t.make, t.model) = (v.make, v.model) and v.looked_up_at = %(moment)s
  and v.catalogue_value is not null and v.value_doubt in ('', %(unlike)s)
  and (v.value_doubt = '') = (v.catalogue_value not between t.value / %(factor)s and t.value * %(factor)s)"""
# Both tables were filled a moment ago, and the planner knows nothing of them yet: it would read the whole register
# once for each of thousands of models.
_EACH_TABLE_ONCE = "set local enable_nestloop = off"


@transaction.atomic
def learn_typical_values() -> None:
    """The medians anew. As the system: who looks a plate up only reads them."""
    with connection.cursor() as cursor:
        cursor.execute(ROOM_TO_SORT)
        cursor.execute("lock table vehicles_typicalvalue in share row exclusive mode")
        cursor.execute("delete from vehicles_typicalvalue")
        cursor.execute(_LEARN, [timezone.now(), Doubt.UNLIKE_ITS_MODEL, FEWEST])


def learned_lately() -> bool:
    return TypicalValue.objects.filter(learned_at__gt=timezone.now() - LEARNED_LATELY).exists()


@transaction.atomic
def judge_values_of(moment: datetime, *, on: date) -> int:
    """Compare the values of one copy of the register with the medians, by that day's rule: many vehicles of a model
    came in before its median was known. Returns of how many the verdict changed. What follows in the transaction is
    planned without nested loops too."""
    with connection.cursor() as cursor:
        cursor.execute(ROOM_TO_SORT)
        cursor.execute(_EACH_TABLE_ONCE)
        cursor.execute(
            _JUDGE, {"factor": rule_on(on).factor, "unlike": str(Doubt.UNLIKE_ITS_MODEL), "moment": moment}
        )
        changed: int = cursor.rowcount
    return changed


def typical_values(models: Collection[tuple[str, str]]) -> dict[tuple[str, str], Decimal]:
    """Make and model -> their median, where one was learned."""
    if not models:
        return {}
    pairs = ", ".join(["(%s, %s)"] * len(models))
    with connection.cursor() as cursor:
        cursor.execute(
            f"select make, model, value from vehicles_typicalvalue where (make, model) in ({pairs})",  # noqa: S608
            [*chain.from_iterable(models)],
        )
        return {(make, model): value for make, model, value in cursor.fetchall()}
