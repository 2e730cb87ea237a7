"""A lessor who sends in files, as tests of these do it."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.runs.models import Run, RunRow
from tests import sessions, vehicles, world
from tests.fleet.test_together import FIELDS
from tests.world import OWNER, Garage

HEAD = "Kenteken;Meldcode;Datum;Dekking;Lessee"


class Scene:
    """A lessor, and somebody at its pages."""

    def __init__(self) -> None:
        self.garage: Garage = world.garage(fields=FIELDS)
        self.clerk = world.member(self.garage.organisation, rights=list(FleetRight))
        self.client: Client = sessions.client_of(self.clerk, self.garage.portal)

    @property
    def today(self) -> str:
        return vehicles.today(self.garage).isoformat()

    def line(self, plate: str = "", code: str = "0413", day: str = "", cover: str = "WA", lessee: str = "") -> str:
        return ";".join([plate or vehicles.fresh_plate().formatted, code, day or self.today, cover, lessee])

    def paste(self, *lines: str, deed: str = "register", **fields: Any) -> Any:
        return self.client.post(reverse("fleet:several", args=[deed]), {"lines": "\n".join(lines)} | fields)

    def send(self, content: bytes, name: str = "cars.csv", deed: str = "register", **fields: Any) -> Any:
        file = SimpleUploadedFile(name, content)
        return self.client.post(reverse("fleet:several", args=[deed]), {"file": file} | fields)

    @property
    def run(self) -> Run:
        return Run.objects.using(OWNER).filter(organisation=self.garage.organisation.id).latest("id")

    def rows(self) -> list[tuple[str, str, str]]:
        found = RunRow.objects.using(OWNER).filter(run=self.run).order_by("position")
        return [(row.verdict, row.code, row.field) for row in found]

    def mend(self, position: int, **cells: str) -> Any:
        return self.client.post(
            reverse("runs:line", args=[self.run.id, position]), {f"cell-{name}": text for name, text in cells.items()}
        )

    def leave(self, position: int) -> Any:
        return self.client.post(reverse("runs:line", args=[self.run.id, position]), {"leave": "1"})

    def confirm(self, **fields: str) -> Any:
        return self.client.post(reverse("runs:confirm", args=[self.run.id]), fields)

    def covered(self) -> set[str]:
        versions = RegistrationVersion.objects.using(OWNER).filter(policy=self.garage.policy.id, known_to=None)
        return set(versions.values_list("plate", flat=True))
