"""A program registers too far back, follows the remedy of the refusal, and reads in the feed what the desk made of
it."""

from playwright.sync_api import expect

from remise.desk.models import DeskRequest
from tests import vehicles, world
from tests.journeys.browsing import Browse, words
from tests.journeys.desk_pages import at_desk, decide, open_case, take, underwriter
from tests.journeys.programs import caller_of
from tests.world import OWNER


def test_f123_f124_remedy_by_api(browse: Browse) -> None:
    garage = world.garage()
    call = caller_of(browse, garage)
    plate = vehicles.fresh_plate()
    vehicles.in_register(plate, in_name_since=vehicles.back(garage, 45))
    begin = call("GET", "/events").json()["after"]
    body = {"plate": plate.formatted, "check_code": vehicles.CODE, "day": vehicles.back(garage, 40).isoformat()}
    refused = call("POST", f"/policies/{garage.policy.number}/vehicles", body)
    remedy = refused.json()["remedy"]
    asked = call(remedy["method"], remedy["path"], body)
    assert (asked.status_code, asked.json()["state"]) == (201, "waiting")

    desk = at_desk(browse, garage, underwriter(garage))
    open_case(desk, plate.formatted)
    take(desk)
    desk.get_by_label(words("Message")).fill("Stuur je de factuur?")
    desk.get_by_role("button", name=words("Send to the customer")).click()
    expect(desk.get_by_role("main")).to_contain_text("Stuur je de factuur?")
    place = asked.headers["Location"]
    assert call("GET", place).json()["asks_you"] is True
    said = call("POST", f"{place}/messages", {"text": "Die is van maart."})
    assert [one["from_desk"] for one in said.json()["messages"]] == [True, False]
    desk.reload()
    expect(desk.get_by_role("main")).to_contain_text("Die is van maart.")
    decide(desk, words("Accept and insure"), "De factuur klopt.")
    expect(desk.get_by_role("main")).to_contain_text(plate.formatted)

    changes = call("GET", "/events", after=begin).json()["events"]
    of_it = [one for one in changes if one["data"].get("request") == asked.json()["id"]]
    assert [one["kind"] for one in of_it][-1] == "request.accepted"
    entry = of_it[-1]["data"]["entry"]
    receipt = call("GET", f"/receipts/{entry}").json()
    assert (receipt["plate"], receipt["day"]) == (plate.value, body["day"])
    assert call("GET", place).json()["reason"] == "De factuur klopt."
    assert DeskRequest.objects.using(OWNER).get(id=asked.json()["id"]).state == "accepted"
