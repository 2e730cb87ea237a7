"""Templates for answers: written by who may, checked when saved, filled in for the request."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from remise.accounts.models import Account
from remise.core.errors import BrokenRule, DomainError, Forbidden, NotVisible
from remise.core.identifiers import Plate
from remise.core.models import Event
from remise.core.scope import enter
from remise.desk import actions
from remise.desk.answers.actions import retire_template, write_template
from remise.desk.answers.rules import filled, require_known
from remise.desk.answers.selectors import offers
from remise.desk.models import AnswerTemplate, DeskRequest
from remise.desk.rights import DeskRight
from remise.desk.selectors import case_of
from remise.fleet.requests import CATALOGUE_VALUE, LATE_REGISTRATION
from remise.ui.formats import day as shown_day
from tests import vehicles, world
from tests.desk.office import Office, office, said, stored
from tests.races import at_once
from tests.world import OWNER

FORM: dict[str, Any] = {"use": "reason", "kind": "", "language": "nl", "title": "Akkoord", "text": "Het klopt."}


@pytest.fixture
def desk() -> Office:
    return office()


def write(desk: Office, **changed: Any) -> AnswerTemplate:
    by = desk.actor(desk.mirjam)
    with enter(by.scope):
        return write_template(by=by, **(FORM | changed))


def offered(desk: Office, request: DeskRequest, use: str = "reason") -> list[tuple[str, bool, list[str]]]:
    by = desk.actor(desk.mirjam)
    with enter(by.scope):
        found = offers(by, case_of(by, stored(request)), desk.garage.portal)[use]
    return [(one.language, one.is_readers, [offer.text for offer in one.templates]) for one in found]


def reads(desk: Office, language: str) -> None:
    Account.objects.using(OWNER).filter(id=desk.owner.account_id).update(language=language)


def events(desk: Office) -> list[str]:
    found = Event.objects.using(OWNER).filter(portal=desk.garage.portal.id, kind__startswith="template.")
    return list(found.order_by("id").values_list("kind", flat=True))


def test_template_is_filled_in_for_the_request(desk: Office) -> None:
    plate = vehicles.fresh_plate()
    request = desk.late(plate=plate)
    write(desk, text="{plate} van {company}: {day} ligt verder terug dan {limit}.")
    ((_language, is_readers, (text,)),) = offered(desk, request)
    company = desk.garage.organisation.name
    assert is_readers
    # In the language of the template, whatever the underwriter reads.
    assert text.startswith(f"{plate.formatted} van {company}: ")
    assert text.endswith(" ligt verder terug dan 28 dagen.")
    assert shown_day(desk.day(40)) not in text  # that would be English
    assert "{" not in text


def test_what_a_kind_does_not_know_stays_open_and_is_not_sent(desk: Office) -> None:
    held = vehicles.on_cover(desk.garage, days=20)
    request = desk.value(held)
    write(desk, text="{plate}: de grens is {limit}.")
    ((_language, _is_readers, (text,)),) = offered(desk, request)
    assert text == f"{held.plate.formatted}: de grens is {{limit}}."
    desk.take(request)
    for action, field in ((actions.refuse, "reason"), (actions.say, "text")):
        with pytest.raises(BrokenRule, match=r"Fill in \{limit\} first") as refused:
            desk.do(action, request, desk.mirjam, **{field: text})
        assert (refused.value.code, refused.value.field) == ("placeholder_left", field)
    assert (stored(request).state, said(request)) == ("taken", [])
    desk.do(actions.say, request, desk.owner, text="Wat is {limit}?")  # a customer may write what they like


def test_customers_language_comes_first(desk: Office) -> None:
    for language, text in (("nl", "Ja."), ("de", "Ja, bitte."), ("en", "Yes.")):
        write(desk, language=language, text=text)
    write(desk, language="de", use="message", title="Frage", text="Welcher Tag?")
    request = desk.late()
    assert [one[0] for one in offered(desk, request)] == ["Nederlands", "Deutsch", "English"]
    reads(desk, "de")
    assert offered(desk, request)[0] == ("Deutsch", True, ["Ja, bitte."])
    assert offered(desk, request, "message") == [("Deutsch", True, ["Welcher Tag?"])]


def test_template_of_another_kind_is_not_offered(desk: Office) -> None:
    write(desk, kind=CATALOGUE_VALUE.name, text="De prijslijst.")
    write(desk, kind=LATE_REGISTRATION.name, text="De tenaamstelling.")
    write(desk, title="Zomaar", text="Het klopt.")
    assert offered(desk, desk.late())[0][2] == ["De tenaamstelling.", "Het klopt."]


def test_template_of_another_insurer_is_not_offered(desk: Office) -> None:
    elsewhere = office()
    template = write(elsewhere)
    assert offered(desk, desk.late()) == []
    by = desk.actor(desk.mirjam)
    with enter(by.scope), pytest.raises(NotVisible):
        retire_template(by=by, template=template.id)


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"text": "Beste {naam}"}, "text", "placeholder_unknown"),
        ({"text": "{plate} en {"}, "text", "placeholder_unknown"),
        ({"text": "{plate.formatted}"}, "text", "placeholder_unknown"),
        ({"text": "{{plate}}"}, "text", "placeholder_unknown"),
        ({"text": "  "}, "text", "missing"),
        ({"title": " "}, "title", "missing"),
        ({"language": "fr"}, "language", "language_unknown"),
        ({"kind": "nothing"}, "kind", "kind_unknown"),
        ({"use": "poem"}, "use", "missing"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    desk: Office, wrong: dict[str, str], field: str, code: str
) -> None:
    with pytest.raises(BrokenRule) as refused:
        write(desk, **wrong)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert not AnswerTemplate.objects.using(OWNER).filter(portal=desk.garage.portal.id).exists()


def test_page_says_what_is_no_placeholder(desk: Office) -> None:
    client = desk.client(desk.mirjam)
    answer = client.post("/desk/answers/new", FORM | {"text": "Beste {naam}"})
    assert answer.status_code == 422
    assert "{naam} is no placeholder. There are: {company}, {plate}, {day}, {limit}." in answer.content.decode()
    assert client.post("/desk/answers/new", FORM).status_code == 302
    assert "Het klopt." in client.get("/desk/answers/").content.decode()


def test_title_is_there_once_in_use(desk: Office) -> None:
    first = write(desk)
    with pytest.raises(BrokenRule) as refused:
        write(desk, title="AKKOORD")
    assert (refused.value.field, refused.value.code) == ("title", "title_taken")
    write(desk, language="de")
    by = desk.actor(desk.mirjam)
    with enter(by.scope):
        retire_template(by=by, template=first.id)
    write(desk)


def test_change_is_a_new_wording_and_the_old_one_is_kept(desk: Office) -> None:
    first = write(desk)
    second = write(desk, text="Het klopt nu.", replaces=first.id)
    old, new = AnswerTemplate.objects.using(OWNER).filter(portal=desk.garage.portal.id).order_by("id")
    assert (old.text, old.is_in_use, old.retired_by) == ("Het klopt.", False, desk.mirjam.account_id)
    assert (new.id, new.text, new.is_in_use, new.replaces_id) == (second.id, "Het klopt nu.", True, old.id)
    assert events(desk) == ["template.written", "template.changed"]
    with pytest.raises(BrokenRule, match="meanwhile"):
        write(desk, text="Te laat.", replaces=first.id)


def test_refused_change_leaves_the_old_one_in_use(desk: Office) -> None:
    write(desk, title="Ander")
    first = write(desk)
    with pytest.raises(BrokenRule):
        write(desk, title="Ander", replaces=first.id)
    assert AnswerTemplate.objects.using(OWNER).get(id=first.id).is_in_use


def test_retired_template_is_offered_no_more_and_what_was_sent_stays(desk: Office) -> None:
    template, request = write(desk), desk.late()
    ((_language, _is_readers, (text,)),) = offered(desk, request)
    desk.take(request)
    desk.do(actions.refuse, request, desk.mirjam, reason=text)
    client = desk.client(desk.mirjam)
    client.post(reverse("desk:answer_retire", args=[template.id]))
    assert offered(desk, desk.late()) == []
    assert stored(request).reason == "Het klopt."
    shown = client.get("/desk/answers/").content.decode()
    assert "Retired" in shown
    assert client.get(reverse("desk:answer", args=[template.id])).status_code == 200
    assert events(desk) == ["template.written", "template.retired"]


@pytest.mark.parametrize("_again", range(3))
def test_two_change_the_same_at_once_and_one_does(desk: Office, _again: int) -> None:
    first = write(desk)
    got = at_once(
        lambda: write(desk, text="Een.", replaces=first.id), lambda: write(desk, text="Twee.", replaces=first.id)
    )
    assert sum(isinstance(one, AnswerTemplate) for one in got) == 1
    assert sum(isinstance(one, DomainError) for one in got) == 1
    in_use = AnswerTemplate.objects.using(OWNER).filter(portal=desk.garage.portal.id, retired_at=None)
    assert in_use.count() == 1


def test_writing_asks_for_a_right_of_its_own(desk: Office) -> None:
    template = write(desk)
    clerk = world.member(desk.insurer, rights=[DeskRight.VIEW, DeskRight.DECIDE], name="Tom")
    by = desk.actor(clerk)
    with enter(by.scope), pytest.raises(Forbidden) as refused:
        write_template(by=by, **FORM)
    assert refused.value.decision.right is DeskRight.WRITE_TEMPLATES
    client = desk.client(clerk)
    assert client.get("/desk/answers/").status_code == 200
    assert "/desk/answers/new" not in client.get("/desk/answers/").content.decode()
    for page in ("/desk/answers/new", f"/desk/answers/{template.id}"):
        assert client.get(page).status_code == 403
    assert client.post(f"/desk/answers/{template.id}/retire").status_code == 403
    with enter(desk.actor(desk.owner).scope), pytest.raises(NotVisible):
        write_template(by=desk.actor(desk.owner), **FORM)


@pytest.mark.parametrize("changes", ["text = 'x'", "retired_at = null, retired_by = null", "title = 'y'"])
def test_database_keeps_a_wording(desk: Office, changes: str) -> None:
    template = write(desk)
    by = desk.actor(desk.mirjam)
    with enter(by.scope):
        retire_template(by=by, template=template.id)
    statement = f"update desk_answertemplate set {changes} where id = %s"
    with enter(by.scope), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match="retired, and not changed"):
            cursor.execute(statement, [template.id])
        transaction.set_rollback(True)


def test_text_comes_in_without_scripts_too(desk: Office) -> None:
    template, request = write(desk, text="{plate} klopt."), desk.late()
    desk.take(request)
    page = reverse("desk:case", args=[request.id])
    shown = desk.client(desk.mirjam).get(page, {"reason_template": template.id}).content.decode()
    plate = case_plate(desk, request)
    assert f">\n{plate} klopt.</textarea>" in shown


def case_plate(desk: Office, request: DeskRequest) -> str:
    by = desk.actor(desk.mirjam)
    with enter(by.scope):
        return Plate(case_of(by, stored(request)).plate).formatted


def test_rules_leave_the_unknown_alone() -> None:
    require_known("Zonder iets, en met {company} {plate} {day} {limit}.")
    assert filled("{plate} {plate} {day} {x}", {"plate": "AB-12-CD", "day": ""}) == "AB-12-CD AB-12-CD {day} {x}"
    assert filled("{company}", {"company": "{plate}", "plate": "x"}) == "{plate}"  # what is put in is text
