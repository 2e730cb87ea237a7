"""What is in a file is looked up before it is judged: a file and the page refuse the same, and doubt the same."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from django.test import override_settings

from remise.core.identifiers import Plate, Vin
from remise.fleet.models import RegistrationVersion
from remise.runs.models import RunRow
from tests import jobs, vehicles, world
from tests.conftest import Serve
from tests.fleet.scene import HEAD, Scene
from tests.register.published import row_of, stand_of
from tests.world import OWNER

VIN = "WAUZZZ8K9BA012345"


class Tells:
    """A paid register that knows one number for every plate."""

    def vins(self, plates: Sequence[Plate], *, seconds: float) -> Mapping[Plate, Vin]:
        return dict.fromkeys(plates, Vin(VIN))


def send(scene: Scene, *lines: str, way: str) -> None:
    if way == "pasted":
        scene.paste(HEAD, *lines)
    else:
        scene.send("\n".join([HEAD, *lines]).encode())
        jobs.work_off()


def said(scene: Scene) -> list[tuple[str, str]]:
    rows = RunRow.objects.using(OWNER).filter(run=scene.run).order_by("position")
    return [(row.code, row.message) for row in rows]


@pytest.mark.parametrize("way", ["pasted", "file"])
def test_days_before_the_name_date_are_refused_in_the_file(scene: Scene, serve: Serve, way: str) -> None:
    plate, today = vehicles.fresh_plate(), vehicles.today(scene.garage)
    serve(stand_of(row_of(plate, datum_tenaamstelling=f"{today - timedelta(days=2):%Y%m%d}")))
    early = (today - timedelta(days=5)).isoformat()
    send(scene, scene.line(plate.formatted, day=early, lessee="Bos"), way=way)
    assert [code for code, _message in said(scene)] == ["before_name_date"]
    assert scene.run.wrong == 1


@pytest.mark.parametrize("way", ["pasted", "file"])
def test_wrong_check_code_is_found_before_anything_happens(scene: Scene, serve: Serve, way: str) -> None:
    plate = vehicles.fresh_plate()
    serve(stand_of(row_of(plate)))
    with override_settings(CHASSIS_REGISTER=f"{__name__}.Tells"):
        send(scene, scene.line(plate.formatted, code="1111", lessee="Bos"), way=way)
    ((code, message),) = said(scene)
    assert code == "check_code_wrong"
    assert plate.formatted in message
    assert scene.run.wrong == 1


@pytest.mark.parametrize("way", ["pasted", "file"])
def test_plate_that_the_register_does_not_know_is_worth_a_look(scene: Scene, serve: Serve, way: str) -> None:
    known, unknown = vehicles.fresh_plate(), vehicles.fresh_plate()
    serve(stand_of(row_of(known)))
    name = f"Bouwbedrijf {world.unique()}"
    lines = [scene.line(plate.formatted, lessee=name) for plate in (known, unknown)]
    send(scene, *lines, way=way)
    assert said(scene) == [
        ("look_again", f"{name} is new here."),
        ("look_again", "The register does not know this plate. Compare it with the registration card."),
    ]
    assert (scene.run.state, scene.run.wrong) == ("checked", 0)
    page = scene.client.get(f"/runs/{scene.run.id}?show=doubted").content.decode()
    assert page.count("Can be done, look again") == 2
    scene.confirm()
    jobs.work_off()
    assert scene.covered() == {known.value, unknown.value}
    assert said(scene) == [("", ""), ("", "")]


def test_silent_register_holds_up_nobody(scene: Scene, serve: Serve) -> None:
    plate = vehicles.fresh_plate()
    with override_settings(RDW_URL="http://127.0.0.1:9"):
        send(scene, scene.line(plate.formatted, lessee="Bos"), way="file")
    ((code, message),) = said(scene)
    assert code == "look_again"
    assert "The register's answer is not here yet." in message
    assert not RegistrationVersion.objects.using(OWNER).filter(plate=plate.value).exists()
