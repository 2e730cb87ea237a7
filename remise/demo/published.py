"""What the stand-in register of the demo publishes: the demo's own vehicles, and one made up for any other plate."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import httpx
from django.conf import settings

from remise.core.identifiers import IdentifierError, Plate, Vin
from remise.demo.otherwise import inspection_of, said_otherwise
from remise.demo.people import BUSINESS_DAY
from remise.demo.register import Car, Register, free_cars
from remise.demo.register_server import Row, Stand
from remise.demo.turnover import LATELY, Stay, everywhere
from remise.vehicles.register.reading import FIELDS

SILENT_ABOUT = "9"  # plates with this first digit are not known, so that this can be seen too


def demo_stand() -> Stand:
    known = {stay.car.plate: stay for stay in everywhere()}
    tried = {car.plate: vin_of(car) for car in free_cars(LATELY)}

    @cache
    def stay(plate: str) -> Stay | None:
        return known.get(plate) or _made_up(plate)

    def vehicles(plate: str) -> Sequence[Row]:
        found = stay(plate)
        return [_row(plate, found) | _otherwise(plate)] if found else []

    def fuels(plate: str) -> Sequence[Row]:
        found = stay(plate)
        names = {"Hybride": ("Benzine", "Elektriciteit")}
        of = names.get(found.car.model.fuel, (found.car.model.fuel,)) if found else ()
        return [
            {"kenteken": plate, "brandstof_volgnummer": str(n), "brandstof_omschrijving": fuel}
            for n, fuel in enumerate(of, 1)
        ]

    return Stand(vehicles=vehicles, fuels=fuels, chassis=lambda plate: tried.get(plate, ""))


def vin_of(car: Car) -> str:
    """A number by ISO 3779 that ends in its check code; its maker's part exists nowhere."""
    return f"ZZZ{car.plate.translate(str.maketrans('IOQ', '101')):0>6}0000{car.check_code}"


class DemoChassisRegister:
    """The paid register of the demo: tells the numbers of the vehicles that can be tried."""

    def vins(self, plates: Sequence[Plate], *, seconds: float) -> Mapping[Plate, Vin]:
        found: dict[Plate, Vin] = {}
        with httpx.Client(base_url=settings.RDW_URL, timeout=seconds) as client:
            for plate in plates:
                answer = client.get(f"/chassis/{plate.value}")
                if answer.status_code == httpx.codes.OK:
                    found[plate] = Vin.parse(str(answer.json()["vin"]))
        return found


def _made_up(plate: str) -> Stay | None:
    try:
        typed = Plate.parse(plate)
    except IdentifierError:
        return None
    first = next((char for char in typed.value if char.isdigit()), "")
    if typed.is_trade or first == SILENT_ABOUT:
        return None
    return Stay(
        Register(sum(ord(char) * 37**place for place, char in enumerate(typed.value))).car(before=BUSINESS_DAY),
        LATELY,
    )


def _row(plate: str, stay: Stay) -> dict[str, object]:
    """Text only, whole euros, days without dashes, and a word for nothing: as the real one writes."""
    car = stay.car
    return {
        "kenteken": plate,
        "voertuigsoort": car.model.kind,
        "merk": car.model.make,
        "handelsbenaming": car.model.model,
        "eerste_kleur": car.colour,
        "tweede_kleur": "Niet geregistreerd",
        "catalogusprijs": str(int(car.value)),
        "datum_eerste_toelating": _day(car.first_admitted_on),
        "datum_tenaamstelling": _day(stay.starts),
        "datum_tenaamstelling_dt": f"{stay.starts.isoformat()}T00:00:00.000",
        "vervaldatum_apk": _day(inspection_of(stay)),
        "wam_verzekerd": "Ja",
        "export_indicator": "Nee",
        "taxi_indicator": "Nee",
        "wacht_op_keuren": "Geen verstrekking in Open Data",
    }


def _otherwise(plate: str) -> dict[str, object]:
    """What speaks against the policy, for the register radar."""
    keys = {field.name: field.keys[0] for field in FIELDS}
    return {keys[name]: _written(value) for name, value in said_otherwise().get(plate, {}).items()}


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "Ja" if value else "Nee"
    return _day(value) if isinstance(value, date) else str(value)


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")
