"""Vehicles through the API: the rows of the list of functions, as a program meets them."""

from datetime import timedelta

from remise.core.identifiers import Plate
from remise.core.models import Entry, Event
from remise.fleet.models import RegistrationVersion
from remise.fleet.rights import FleetRight
from remise.organisations.models import Party
from tests import jobs, vehicles, world
from tests.api.program import program
from tests.journeys.server import Mailbox
from tests.world import OWNER


def sent(of: world.Garage, plate: Plate | str | None = None, **more: object) -> dict[str, object]:
    plate = plate or vehicles.fresh_plate()
    text = plate.formatted if isinstance(plate, Plate) else plate
    return {"plate": text, "check_code": "0413", "day": vehicles.today(of).isoformat()} | more


def test_f117_register_by_api() -> None:
    garage = world.garage()
    caller = program(garage)
    path = f"/policies/{garage.policy.number}/vehicles"
    for left_out in ("plate", "check_code", "day"):
        said = sent(garage)
        del said[left_out]
        answer = caller.post(path, said)
        assert (answer.status_code, answer.json()["field"]) == (422, left_out)
    plate = vehicles.fresh_plate()
    answer = caller.post(path, sent(garage, plate))
    told = answer.json()
    assert answer.status_code == 201, told
    entry = Entry.objects.using(OWNER).get(id=told["entry"])
    assert told == {
        "plate": plate.value,
        "plate_formatted": plate.formatted,
        "id": entry.item_id,
        "policy": garage.policy.number,
        "starts": vehicles.today(garage).isoformat(),
        "entry": entry.id,
        "receipt": entry.receipt,
        "premium": told["premium"],
    }
    assert told["premium"].startswith("Niets nu") or told["premium"].startswith("Nothing now")
    assert answer["Location"] == f"/api/v1/receipts/{entry.id}"
    receipt = caller.get(answer["Location"]).json()
    assert (receipt["receipt"], receipt["check_code"], receipt["what"]) == (entry.receipt, "0413", "registered")
    assert caller.get(path).json()["items"][0]["plate"] == plate.value


def test_f118_trade_plate_by_api() -> None:
    garage = world.garage()
    plate = f"HA{world.number() % 10_000:04d}"
    said = {"plate": plate, "day": vehicles.today(garage).isoformat()}
    answer = program(garage).post(f"/policies/{garage.policy.number}/vehicles", said)
    assert answer.status_code == 201, answer.json()
    held = RegistrationVersion.objects.using(OWNER).get(organisation=garage.organisation.id)
    assert (held.plate, held.check_code) == (plate, None)


def test_f122_cover_lessee_and_driver_by_api() -> None:
    fields: list[dict[str, object]] = [
        {"name": "cover", "kind": "choice", "labels": {"nl": "Dekking"}, "required": True, "choices": COVERS},
        {"name": "driver", "kind": "party", "labels": {"nl": "Bestuurder"}, "required": False},
    ]
    garage = world.garage(fields=fields)
    caller = program(garage)
    assert [asked["name"] for asked in caller.get("/policies").json()[0]["fields"]] == ["cover", "driver"]
    path = f"/policies/{garage.policy.number}/vehicles"
    assert caller.post(path, sent(garage)).json()["field"] == "cover"
    unknown = caller.post(path, sent(garage, details={"cover": "wa", "colour": "red"}))
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_field")
    done = caller.post(path, sent(garage, details={"cover": "wa", "driver": "Fatma Demir"}))
    assert done.status_code == 201, done.json()
    row = caller.get(path).json()["items"][0]
    party = Party.objects.using(OWNER).get(organisation=garage.organisation.id)
    driver = {"id": party.id, "kind": "person", "name": "Fatma Demir", "reference": None}
    assert (row["cover"], row["driver"], row["lessee"]) == ("wa", driver, None)


COVERS = [{"value": "wa", "labels": {"nl": "WA"}}]


def test_f123_register_back_in_time_by_api() -> None:
    garage = world.garage()
    caller = program(garage)
    path = f"/policies/{garage.policy.number}/vehicles"
    at_the_limit = sent(garage, day=vehicles.back(garage, 28).isoformat())
    assert caller.post(path, at_the_limit).status_code == 201
    beyond = caller.post(path, sent(garage, day=vehicles.back(garage, 29).isoformat()))
    told = beyond.json()
    assert (beyond.status_code, beyond["Content-Type"]) == (422, "application/problem+json")
    assert (told["code"], told["field"]) == ("too_long_ago", "day")
    assert told["remedy"] == {
        "label": "Ask the desk",
        "request_kind": "late_registration",
        "method": "POST",
        "path": f"/api/v1/policies/{garage.policy.number}/requests/late-registration",
    }
    named = vehicles.in_register(in_name_since=vehicles.back(garage, 3))
    early = sent(garage, named.plate, day=vehicles.back(garage, 4).isoformat())
    assert caller.post(path, early).json()["code"] == "before_name_date"


def test_f124_f125_deregister_by_api() -> None:
    garage = world.garage()
    caller = program(garage)
    held = [vehicles.on_cover(garage, days=40 - 12) for _one in range(3)]
    path = f"/policies/{garage.policy.number}/deregistrations"
    plates = [one.plate.formatted for one in held]
    day = vehicles.back(garage, 29)
    late = caller.post(path, {"plates": plates, "day": day.isoformat()})
    assert (late.status_code, late.json()["code"]) == (422, "too_long_ago")
    stranger = caller.post(path, {"plates": [*plates, "GT-999-K"], "day": vehicles.today(garage).isoformat()})
    assert stranger.status_code == 404
    assert _open(garage) == 3  # all or none
    done = caller.post(path, {"plates": plates, "day": vehicles.back(garage, 28).isoformat()})
    assert done.status_code == 201, done.json()
    assert [one["what"] for one in done.json()] == ["deregistered"] * 3
    assert _open(garage) == 0


def _open(of: world.Garage) -> int:
    held = RegistrationVersion.objects.using(OWNER).filter(organisation=of.organisation.id, known_to=None)
    return held.filter(ends=None).count()


def test_f126_stock_by_api() -> None:
    garage = world.garage()
    caller = program(garage)
    first = vehicles.in_register(make="OPEL", model="CORSA", catalogue_value="23999.00")
    second = vehicles.in_register(make="VOLVO", catalogue_value="41495.50")
    for car, days in ((first, 5), (second, 2)):
        vehicles.on_cover(garage, Plate(car.plate), days=days)
    path = f"/policies/{garage.policy.number}"
    rows = caller.get(f"{path}/vehicles", sort="-value").json()["items"]
    assert [row["value"] for row in rows] == ["41495.50", "23999.00"]
    assert [row["plate"] for row in caller.get(f"{path}/vehicles", search="ope").json()["items"]] == [first.plate]
    totals = caller.get(f"{path}/totals").json()
    assert totals == {"vehicles": 2, "value": "65494.50", "without_value": 0, "mean": "32747.25"}
    day = vehicles.back(garage, 3).isoformat()
    assert [row["plate"] for row in caller.get(f"{path}/vehicles", day=day).json()["items"]] == [first.plate]
    before = (Event.objects.using(OWNER).earliest("id").recorded_at - timedelta(days=1)).isoformat()
    assert caller.get(f"{path}/vehicles", known_at=before).json()["items"] == []


def test_list_of_many_is_turned_by_opaque_cursors() -> None:
    garage = world.garage()
    caller = program(garage)
    held = {vehicles.on_cover(garage).plate.value for _one in range(53)}
    path = f"/policies/{garage.policy.number}/vehicles"
    first = caller.get(path, sort="plate").json()
    second = caller.get(path, sort="plate", cursor=first["next"]).json()
    assert {row["plate"] for row in [*first["items"], *second["items"]]} == held
    assert (len(first["items"]), second["next"], first["previous"]) == (50, None, None)
    assert caller.get(path, sort="plate", before=second["previous"]).json()["items"] == first["items"]
    for broken in ("x", "eA", first["next"][:-1] + "!", "Zm9vfmJhcg"):
        assert caller.get(path, sort="value", cursor=broken).json()["code"] == "cursor"


def test_f208_undo_by_api() -> None:
    garage = world.garage()
    caller = program(garage)
    held = vehicles.on_cover(garage)
    answer = caller.post(f"/receipts/{held.entry}/correction")
    assert answer.status_code == 201, answer.json()
    assert (answer.json()["what"], answer.json()["undoes"]) == ("correction", held.entry)
    assert caller.get(f"/receipts/{held.entry}").json()["corrected_by"] == answer.json()["entry"]
    assert caller.get(f"/policies/{garage.policy.number}/totals").json()["vehicles"] == 0
    again = caller.post(f"/receipts/{held.entry}/correction")
    assert (again.status_code, again.json()["code"]) == (422, "corrected_already")
    lines = caller.get(f"/vehicles/{held.item}").json()["lines"]
    assert [(line["what"], line["corrected"]) for line in lines] == [("correction", False), ("registered", True)]


def test_mail_receipt_and_follow_it(mailbox: Mailbox) -> None:
    jobs.forget()
    garage = world.garage()
    caller = program(garage)
    held = vehicles.on_cover(garage)
    path = f"/receipts/{held.entry}/mails"
    wrong = caller.post(path, {"recipient": "jan"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "recipient")
    sent = [caller.post(path, {"recipient": "jan@example.test", "language": "de"}, key="once") for _call in range(2)]
    assert [answer.status_code for answer in sent] == [202, 202]
    assert "example.test" not in sent[0].text
    jobs.work_off()
    assert [mail["To"] for mail in mailbox.taken] == ["jan@example.test"]
    assert [(one["state"], one["language"]) for one in caller.get(path).json()] == [("sent", "de")]
    reader = program(garage, held=[FleetRight.VIEW])
    assert reader.post(path, {"recipient": "jan@example.test"}).status_code == 403
    assert reader.get(path).status_code == 200
