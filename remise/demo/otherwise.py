"""Of which of the demo's vehicles the register says something else than the policy: the same at every start, so that
the stand-in register says it too."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from remise.demo.people import BUSINESS_DAY, PORTALS, DemoCompany
from remise.demo.turnover import Stay, seed_of, turnover

type Said = Mapping[str, object]  # by the names of `vehicles.Vehicle`
type Change = Callable[[Stay], Said]

SETTLED = timedelta(days=60)  # so long on cover that nothing else happens to them in the demo
NEXT_INSPECTION = BUSINESS_DAY + timedelta(days=40)


def _renamed(back: int) -> Change:
    return lambda _stay: {"in_name_since": BUSINESS_DAY - timedelta(days=back)}


def _worth(factor: str) -> Change:
    return lambda stay: {"catalogue_value": (stay.car.value * Decimal(factor)).quantize(Decimal(1))}


def _inspected(back: int) -> Change:
    return lambda _stay: {"inspection_until": BUSINESS_DAY - timedelta(days=back)}


# Stock is neither inspected nor seen as insured one by one.
STOCK: Sequence[Change] = (
    *(_renamed(back) for back in (19, 12, 4, 36)),
    lambda _stay: {"exported": True},
    _worth("1.09"),
    _worth("0.94"),
)
FLEET: Sequence[Change] = (*STOCK[1:], _inspected(6), _inspected(31), lambda _stay: {"wam_insured": False})


@cache
def said_otherwise() -> Mapping[str, Said]:
    """Plate -> what the register says by now. In the first company of each portal, a bit of everything."""
    found: dict[str, Said] = {}
    for portal in PORTALS:
        number, company = next((number, one) for number, one in enumerate(portal.companies) if one.vehicles)
        found |= _of(company, seed_of(portal.slug, number))
    return found


def _of(company: DemoCompany, seed: int) -> Iterator[tuple[str, Said]]:
    stays = turnover(company, seed)
    held = [stay for stay in stays if stay.ends is None and stay.starts < BUSINESS_DAY - SETTLED]
    changes = STOCK if company.product == "dealer-stock" else FLEET
    newest = sorted(held, key=lambda stay: (stay.starts, stay.car.plate), reverse=True)
    yield from ((stay.car.plate, change(stay)) for stay, change in zip(newest, changes, strict=False))
    # Two went off lately, are in the same name still, and nobody insures them.
    gone = [stay for stay in stays if stay.ends and stay.ends > BUSINESS_DAY - timedelta(days=24)]
    lately = sorted(gone, key=lambda stay: (stay.ends or date.min, stay.car.plate), reverse=True)
    yield from ((stay.car.plate, {"wam_insured": False}) for stay in lately[:2])


def inspection_of(stay: Stay) -> date:
    """Whoever keeps a vehicle has it inspected."""
    return stay.car.inspection_until if stay.car.inspection_until >= BUSINESS_DAY else NEXT_INSPECTION
