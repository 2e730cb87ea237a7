"""The generated register: vehicles that could exist, the same at every start. No row is anyone's car."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

# Letters that are issued for cars since sidecode 4, without the ones that make words or belong to other series.
LETTERS = "GHJKLNPRSTXZ"
INNER = "BDFGHJKLNPRSTVXZ"


@dataclass(frozen=True, slots=True)
class Model:
    make: str
    model: str
    fuel: str
    value: int  # catalogue value when new, whole euros
    kind: str = "Personenauto"


CARS = (
    Model("VOLKSWAGEN", "POLO", "Benzine", 24_590),
    Model("VOLKSWAGEN", "GOLF", "Benzine", 34_990),
    Model("VOLKSWAGEN", "ID.3", "Elektriciteit", 39_990),
    Model("OPEL", "CORSA", "Benzine", 23_999),
    Model("OPEL", "MOKKA-E", "Elektriciteit", 41_999),
    Model("PEUGEOT", "208", "Benzine", 25_650),
    Model("PEUGEOT", "E-2008", "Elektriciteit", 40_980),
    Model("RENAULT", "CLIO", "Benzine", 23_450),
    Model("RENAULT", "CAPTUR", "Hybride", 31_200),
    Model("TOYOTA", "YARIS", "Hybride", 27_495),
    Model("TOYOTA", "COROLLA TOURING", "Hybride", 38_995),
    Model("KIA", "PICANTO", "Benzine", 18_995),
    Model("KIA", "NIRO EV", "Elektriciteit", 45_395),
    Model("VOLVO", "XC40", "Hybride", 52_795),
    Model("VOLVO", "EX30", "Elektriciteit", 41_495),
    Model("FORD", "FIESTA", "Benzine", 22_950),
    Model("FORD", "KUGA", "Hybride", 44_290),
    Model("SKODA", "OCTAVIA COMBI", "Benzine", 37_490),
    Model("HYUNDAI", "KONA", "Elektriciteit", 42_795),
    Model("MAZDA", "CX-30", "Benzine", 36_990),
    Model("SUZUKI", "SWIFT", "Benzine", 21_199),
    Model("TESLA", "MODEL 3", "Elektriciteit", 44_990),
    Model("BMW", "118I", "Benzine", 41_550),
    Model("AUDI", "A3 SPORTBACK", "Benzine", 39_870),
)
VANS = (
    Model("VOLKSWAGEN", "TRANSPORTER", "Diesel", 42_350, "Bedrijfsauto"),
    Model("MERCEDES-BENZ", "VITO", "Diesel", 45_980, "Bedrijfsauto"),
    Model("RENAULT", "KANGOO E-TECH", "Elektriciteit", 38_450, "Bedrijfsauto"),
    Model("FORD", "TRANSIT CUSTOM", "Diesel", 44_120, "Bedrijfsauto"),
    Model("PEUGEOT", "E-EXPERT", "Elektriciteit", 47_900, "Bedrijfsauto"),
)
COLOURS = ("GRIJS", "ZWART", "WIT", "BLAUW", "ROOD", "BRUIN", "GROEN", "BEIGE")


@dataclass(frozen=True, slots=True)
class Car:
    plate: str
    check_code: str
    model: Model
    colour: str
    value: Decimal
    first_admitted_on: date
    inspection_until: date


FREE_SEED = 7


def free_cars(before: date) -> list[Car]:
    """A few that the register knows and nobody insures: to be tried."""
    register = Register(FREE_SEED)
    return [register.car(before=before) for _ in range(4)]


class Register:
    """Hands out vehicles; the same seed gives the same ones in the same order."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311  # a demo world, not a secret
        self._taken: set[str] = set()

    def car(self, *, before: date, kinds: tuple[Model, ...] = CARS) -> Car:
        """A vehicle that was first admitted some time before that day."""
        random = self._random
        model = random.choice(kinds)
        age = timedelta(days=int(random.triangular(60, 4200, 1400)))
        admitted = before - age
        extras = Decimal(random.randrange(0, 6000, 5))
        return Car(
            plate=self._plate(admitted, van=model.kind == "Bedrijfsauto"),
            check_code=f"{random.randrange(10_000):04d}",
            model=model,
            colour=random.choice(COLOURS),
            value=Decimal(model.value) + extras,
            first_admitted_on=admitted,
            inspection_until=before + timedelta(days=random.randrange(-20, 700)),
        )

    def _plate(self, admitted: date, *, van: bool) -> str:
        """In the sidecode that was given out at that time (9 from 2015, 10 from 2019, 11 from June 2024)."""
        while True:
            random = self._random
            first = "V" if van else random.choice(LETTERS)
            digits = f"{random.randrange(1, 1000):03d}"
            two = "".join(random.choice(INNER) for _ in range(2))
            if van:
                plate = f"{first}{digits}{two}" if random.random() < 0.3 else f"{first}{two}{digits[:2]}{two[0]}"
            elif admitted >= date(2024, 6, 4):
                plate = f"{first}{two}{digits[:2]}{random.choice(INNER)}"
            elif admitted >= date(2019, 8, 19):
                plate = f"{first}{digits}{two}"
            elif admitted >= date(2015, 3, 30):
                plate = f"{first}{random.choice(INNER)}{digits}{random.choice(INNER)}"
            else:
                plate = f"{digits[:2]}{first}{two}{digits[2]}"
            if plate not in self._taken:
                self._taken.add(plate)
                return plate
