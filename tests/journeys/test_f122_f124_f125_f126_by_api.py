"""A dealer's own program puts cars on cover, counts them and takes them off; the owner sees it on the pages."""

from playwright.sync_api import expect

from remise.fleet.rights import FleetRight
from tests import vehicles, world
from tests.journeys.browsing import Browse, no_violations
from tests.journeys.programs import caller_of

FIELDS: list[dict[str, object]] = [
    {"name": "driver", "kind": "party", "labels": {"nl": "Bestuurder"}, "required": False},
    {
        "name": "cover",
        "kind": "choice",
        "labels": {"nl": "Dekking", "de": "Deckung", "en": "Cover"},
        "required": True,
        "choices": [{"value": "wa", "labels": {"nl": "WA", "de": "Haftpflicht", "en": "Liability"}}],
    },
]


def test_f122_f124_f125_f126_by_api(browse: Browse) -> None:
    garage = world.garage(fields=FIELDS)
    call = caller_of(browse, garage)
    path = f"/policies/{garage.policy.number}"
    since, before = (vehicles.back(garage, days).isoformat() for days in (3, 4))
    plates = [vehicles.fresh_plate() for _each in range(3)]
    for plate in plates:
        vehicles.in_register(plate, catalogue_value="20000.00")
        body: dict[str, object] = {"plate": plate.value, "check_code": vehicles.CODE, "day": since}
        refused = call("POST", f"{path}/vehicles", body)
        assert (refused.status_code, refused.json()["field"]) == (422, "cover")
        body["details"] = {"cover": "wa", "driver": "Fatma Demir"}
        assert call("POST", f"{path}/vehicles", body).status_code == 201

    assert call("GET", f"{path}/totals").json()["value"] == "60000.00"
    assert call("GET", f"{path}/totals", day=before).json()["vehicles"] == 0
    rows = call("GET", f"{path}/vehicles", sort="plate").json()["items"]
    assert [row["plate"] for row in rows] == sorted(plate.value for plate in plates)
    assert {row["driver"]["name"] for row in rows} == {"Fatma Demir"}
    page = browse(world.member(garage.organisation, rights=[*FleetRight]), garage.portal)
    page.goto("/vehicles/")
    for plate in plates:
        expect(page.get_by_role("main")).to_contain_text(plate.formatted)
    no_violations(page)

    wanted = [plate.value for plate in plates[:2]]
    too_early = call(
        "POST", f"{path}/deregistrations", {"plates": wanted, "day": vehicles.back(garage, 29).isoformat()}
    )
    assert too_early.status_code == 422
    assert call("GET", f"{path}/totals").json()["vehicles"] == 3  # none of them
    done = call("POST", f"{path}/deregistrations", {"plates": wanted, "day": vehicles.today(garage).isoformat()})
    assert (done.status_code, len(done.json())) == (201, 2)
    tomorrow = vehicles.back(garage, -1).isoformat()
    left = call("GET", f"{path}/vehicles", day=tomorrow).json()["items"]
    assert [row["plate"] for row in left] == [plates[2].value]
    for one in done.json():
        assert call("GET", f"/receipts/{one['entry']}").json()["plate"] in wanted
    page.goto(f"/vehicles/?day={tomorrow}")
    expect(page.get_by_role("main")).to_contain_text(plates[2].formatted)
    expect(page.get_by_role("main")).not_to_contain_text(plates[0].formatted)
    no_violations(page)
