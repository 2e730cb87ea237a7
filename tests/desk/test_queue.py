"""The filters of the queue: each alone and together, counted in one statement, kept in the address."""

from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from remise.core import clock
from remise.core.scope import enter
from remise.desk import actions, queue
from remise.desk.elsewhere import elsewhere
from remise.desk.models import DeskRequest
from remise.desk.queue import FACETS, QueueQuery
from remise.desk.rules import Age, days_back
from remise.fleet.findings import FindingKind
from remise.onboarding.models import Application
from remise.organisations.rights import IntakeRight, LetInRight
from tests import plans, vehicles, world
from tests.desk.office import EVERYTHING, Office, office, stored
from tests.world import OWNER


@pytest.fixture
def desk() -> Office:
    return office()


def listed(desk: Office, **chosen: str) -> list[int]:
    by = desk.actor(desk.mirjam)
    with enter(by.scope):
        return list(queue.queue(by, QueueQuery(**chosen)).order_by("id").values_list("id", flat=True))


def counted(desk: Office, **chosen: str) -> queue.Counts:
    by = desk.actor(desk.mirjam)
    with enter(by.scope):
        return queue.counts(by, QueueQuery(**chosen))


def aged(desk: Office, working_days: int) -> DeskRequest:
    """Asked so many working days ago, and due long since unless it was today."""
    request = desk.late()
    week, today = desk.garage.portal.week, clock.today(desk.garage.portal)
    gone = today - days_back(today, working_days, week)
    DeskRequest.objects.using(OWNER).filter(id=request.id).update(
        opened_at=F("opened_at") - gone, due_at=F("due_at") - gone
    )
    return stored(request)


def test_ages_are_working_days(desk: Office) -> None:
    by_days = {days: aged(desk, days).id for days in (0, 1, 2, 3, 5, 6, 20)}
    found = {age: listed(desk, age=age) for age in Age}
    assert found == {
        Age.TODAY: [by_days[0]],
        Age.FEW: [by_days[1], by_days[2]],
        Age.MORE: [by_days[3], by_days[5]],
        Age.OLDER: [by_days[6], by_days[20]],
    }


def test_each_filter_shows_its_own(desk: Office) -> None:
    nobodys, mine, his, asked, late = (desk.late() for _one in range(5))
    desk.take(mine)
    desk.take(his, desk.daan)
    desk.take(asked)
    desk.do(actions.say, asked, desk.mirjam, text="Welke dag?")
    past = clock.now(desk.garage.portal) - timedelta(days=3)
    DeskRequest.objects.using(OWNER).filter(id__in=[late.id, asked.id]).update(due_at=past)
    assert listed(desk, who="nobody") == [nobodys.id, late.id]
    assert listed(desk, who="me") == [mine.id, asked.id]
    assert listed(desk, who="colleague") == [his.id]
    assert listed(desk, waits="customer") == [asked.id]
    assert listed(desk, due="late") == [late.id]  # where the customer is waited for, the desk is not late
    assert listed(desk, due="late", who="me") == []
    far = clock.now(desk.garage.portal) + timedelta(days=30)
    DeskRequest.objects.using(OWNER).filter(id=nobodys.id).update(due_at=far)
    assert nobodys.id not in listed(desk, due="week")
    desk.do(actions.refuse, mine, desk.mirjam, reason="Nee.")
    assert listed(desk, show="done") == [mine.id]
    assert mine.id not in listed(desk)


def test_due_today_and_this_week(desk: Office) -> None:
    soon, tomorrow = desk.late(), desk.late()
    now = clock.now(desk.garage.portal)
    end = now.astimezone(clock.AMSTERDAM).replace(hour=23, minute=59, second=59)
    DeskRequest.objects.using(OWNER).filter(id=soon.id).update(due_at=end)
    DeskRequest.objects.using(OWNER).filter(id=tomorrow.id).update(due_at=end + timedelta(hours=2))
    assert listed(desk, due="today") == [soon.id]
    is_sunday = now.astimezone(clock.AMSTERDAM).weekday() == 6
    assert listed(desk, due="week") == ([soon.id] if is_sunday else [soon.id, tomorrow.id])


def test_company_by_name_or_number(desk: Office) -> None:
    neighbour = office(garage=world.garage(at=desk.garage.portal))
    name = f"Visser {world.unique()}"
    neighbour.garage.organisation.name = name
    neighbour.garage.organisation.kvk = "90001234"
    neighbour.garage.organisation.save(using=OWNER)
    desk.late()
    theirs = neighbour.late()
    for typed in (name, name[:10].lower(), "90001234", "9000 1234"):
        assert listed(desk, company=typed) == [theirs.id], typed
    assert listed(desk, company="nobody at all") == []


def test_plate_with_and_without_dashes_and_in_part(desk: Office) -> None:
    plate = vehicles.fresh_plate()
    request = desk.late(plate=plate)
    desk.late()
    for typed in (plate.formatted, plate.value, plate.formatted.lower(), plate.value[1:]):
        assert listed(desk, about=typed) == [request.id], typed
    assert listed(desk, about="%") == []


def test_counts_are_what_the_list_shows_under_the_other_filters(desk: Office) -> None:
    """Whatever is chosen, each value says how many its list would have."""
    requests = [aged(desk, days) for days in (0, 0, 1, 4, 9)]
    desk.take(requests[0])
    desk.take(requests[2], desk.daan)
    desk.take(requests[3])
    desk.do(actions.say, requests[3], desk.mirjam, text="Welke dag?")
    held = vehicles.on_cover(desk.garage, days=20)
    desk.value(held)
    chosen: list[dict[str, str]] = [
        {},
        {"who": "me"},
        {"age": "today"},
        {"who": "nobody", "due": "late"},
        {"kind": "catalogue_value"},
        {"kind": "late_registration", "waits": "customer"},
        {"company": desk.garage.organisation.name, "age": "1-2"},
        {"about": held.plate.value},
    ]
    for query in chosen:
        counts = counted(desk, **query)
        for facet, values in FACETS.items():
            for value in values:
                assert counts.facets[facet][value] == len(listed(desk, **(query | {facet: value}))), (query, value)
        for kind, count in counts.kinds.items():
            assert count == len(listed(desk, **(query | {"kind": kind}))), (query, kind)
    assert counted(desk).open == 6
    assert counted(desk).mine == 2


def test_counts_take_one_statement(desk: Office) -> None:
    by = desk.actor(desk.mirjam)
    desk.late()
    with enter(by.scope), CaptureQueriesContext(connection) as captured:
        queue.counts(by, QueueQuery(who="me", age="older", kind="late_registration", about="X"))
    assert len([one for one in captured if "desk_deskrequest" in one["sql"]]) == 1


def test_unreadable_filters_are_left_out() -> None:
    read = QueueQuery.read({"who": "x", "age": "3-5", "due": "", "kind": "y", "about": " GH\0K ", "show": "late"})
    assert read == QueueQuery(age="3-5", about="GHK")
    assert QueueQuery.read(read.address) == read


def test_filters_are_kept_while_working_through(desk: Office) -> None:
    first, second, other = desk.late(), desk.late(), desk.late()
    for request in (first, second, other):
        desk.take(request)
    desk.do(actions.give_back, other, desk.mirjam)
    client = desk.client(desk.mirjam)
    page = client.get("/desk/?who=me&age=today").content.decode()
    assert f"/desk/{first.id}?age=today&amp;who=me" in page
    form = {"outcome": "refused", "reason": "Nee."}
    gone_on = client.post(f"/desk/{first.id}/decide?who=me&age=today", form)
    assert gone_on["Location"] == f"/desk/{second.id}?age=today&who=me"
    over = client.post(f"/desk/{second.id}/decide?who=me&age=today", form, follow=True)
    assert "Nothing is all of this" in over.content.decode()  # one was given back, and is nobody's


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("", "Nothing waits for you"),
        ("due=late", "Nothing is too late"),
        ("due=today", "Nothing more is due today"),
        ("due=week", "Nothing more is due this week"),
        ("who=me", "Nothing is yours now"),
        ("who=nobody", "Somebody is at each request"),
        ("who=colleague", "No colleague is at anything"),
        ("waits=customer", "No customer has to answer"),
        ("age=today", "Nothing came in today"),
        ("age=older", "Nothing has waited so long"),
        ("show=done", "Nothing closed yet"),
        ("who=me&due=late", "Nothing is all of this"),
        ("company=x", "Nothing is all of this"),
    ],
)
def test_empty_list_says_what_stands_in_it(desk: Office, asked: str, words: str) -> None:
    assert words in desk.client(desk.mirjam).get(f"/desk/?{asked}").content.decode()


def test_what_is_asked_for_each_minute_has_no_form_in_which_one_types(desk: Office) -> None:
    request = desk.late()
    client = desk.client(desk.mirjam)
    part = client.get(f"/desk/?case={request.id}", headers={"HX-Request": "true"}).content.decode()
    assert f'id="line-{request.id}"' in part
    assert 'id="case-clock" hx-swap-oob="true"' in part
    assert "<textarea" not in part
    assert 'type="text"' not in part
    assert "<html" not in part


def test_other_queues_are_counted_at_one_place(desk: Office) -> None:
    head = world.member(desk.insurer, rights=[*EVERYTHING, IntakeRight.HANDLE, LetInRight.LET_IN], name="Hoofd")
    now = clock.now(desk.garage.portal)
    Application.objects.using(OWNER).create(
        portal=desk.garage.portal.id, kind="contact", reference="X", language="nl", asked_at=now, due_at=now
    )
    for who, found in ((head, [("Who wants to come in", 1)]), (desk.mirjam, [])):
        by = desk.actor(who)
        with enter(by.scope):
            assert [(str(one.label), one.waiting.open) for one in elsewhere(by)] == found
    assert 'href="/applications/"' in desk.client(head).get("/desk/").content.decode()


# --- what it costs


MANY = """
insert into desk_deskrequest (portal, organisation, kind, subject_kind, subject, data, about, data_sha, state,
  account, by_system, opened_at, due_at, assignee, reason, unread, customer_asked, decided_at)
select portal, organisation, kind, subject_kind, n, data, 'X' || n, '', case when n %% 20 > 0 then 'settled'
  when n %% 40 = 0 then 'taken' else 'waiting' end, account, by_system, opened_at - n * interval '1 minute',
  due_at - n * interval '1 minute', case when n %% 40 = 0 then account end, '', n %% 60 = 0, false,
  case when n %% 20 > 0 then now() end
from desk_deskrequest cross join generate_series(1, 20000) n where id = %s"""


def test_list_and_counts_keep_their_index(desk: Office) -> None:
    """Of twenty thousand requests a thousand are open: these are read, once, and the closed ones are not."""
    request = desk.late()
    with connections[OWNER].cursor() as cursor:
        cursor.execute(MANY, [request.id])
        cursor.execute("vacuum analyze desk_deskrequest")
    by = desk.actor(desk.mirjam)
    with enter(by.scope), CaptureQueriesContext(connection) as captured:
        queue.counts(by, QueueQuery(who="nobody", about="1"))
        queue.page_of_queue(by, QueueQuery(due="late"))
        queue.next_of(by, QueueQuery(age="older"), other_than=request.id)
    statements = [one["sql"] for one in captured if "desk_deskrequest" in one["sql"]]
    assert len(statements) == 4
    for statement in statements:
        plans.assert_uses_index((statement.replace("%", "%%"), []), "desk_request_open", by.scope, at_most=None)


def placed(desk: Office, what: FindingKind) -> DeskRequest:
    """What the register said of a vehicle, before the desk."""
    request = desk.late()
    DeskRequest.objects.using(OWNER).filter(id=request.id).update(kind="finding", data={"what": what})
    return request


def test_words_that_stand_in_the_list_find_what_they_stand_at(desk: Office) -> None:
    """The kind in the reader's language, and a title that is words."""
    late = desk.late()
    found, other = placed(desk, FindingKind.UNKNOWN_PLATE), placed(desk, FindingKind.BEFORE_NAME_DATE)
    with override("nl"):
        assert listed(desk, about="eerdere dag") == [late.id]
        assert sorted(listed(desk, about="Register")) == sorted([found.id, other.id])
        assert listed(desk, about="kent dit kenteken") == [found.id]
        assert listed(desk, about="tenaamstelling") == [other.id]
        assert (counted(desk, about="tenaamstelling").open, listed(desk, about="earlier day")) == (1, [])
    assert listed(desk, about="earlier day") == [late.id]
