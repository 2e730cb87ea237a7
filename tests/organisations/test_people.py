"""Who may do what: the matrix, one colleague, a click on a cell, the file."""

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from remise.core.scope import enter
from remise.organisations import selectors
from remise.organisations.models import Membership, Organisation
from tests import sessions, world
from tests.organisations.company import DEREGISTER, MANAGE, REGISTER, VIEW, Company, company, held_by
from tests.world import OWNER

PEOPLE = reverse("organisations:people")
CHANGE = reverse("organisations:change")
HTMX = {"HX-Request": "true"}


def switches(page: str) -> dict[str, bool]:
    """What the marks on a page say: name, colleague, place -> on or off."""
    found = re.findall(r'role="switch" aria-checked="(true|false)" aria-label="([^"]+)"', page)
    return {label: checked == "true" for checked, label in found}


def text(client: Client, address: str = PEOPLE) -> str:
    return client.get(address).content.decode()


def test_f020_matrix_shows_people_rights_and_branches(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW, garage.zwolle)
    client = garage.client(garage.owner)
    everywhere = switches(text(client))
    assert everywhere["Manage colleagues, Kees Bos, All branches"] is True
    assert everywhere["View vehicles, Sanne de Wit, All branches"] is False
    assert "<small>1 branch</small>" in text(client)
    zwolle = switches(text(client, f"{PEOPLE}?branch={garage.zwolle.id}"))
    assert zwolle["View vehicles, Sanne de Wit, Zwolle"] is True
    deventer = switches(text(client, f"{PEOPLE}?branch={garage.deventer.id}"))
    assert deventer["View vehicles, Sanne de Wit, Deventer"] is False


def test_matrix_of_another_company_stays_out(garage: Company) -> None:
    other = company(at=garage.portal, name="Autobedrijf Vos")
    client = garage.client(garage.owner)
    assert f'id="p-{other.owner.id}"' not in text(client)
    assert client.get(reverse("organisations:person", args=[other.salesman.id])).status_code == 404
    assert client.get(f"{PEOPLE}?branch={other.zwolle.id}").status_code == 404
    change = {"change": f"grant:{other.salesman.id}:{VIEW}:"}
    assert client.post(CHANGE, change).status_code == 404
    assert client.post(reverse("organisations:end", args=[other.salesman.id])).status_code == 404
    role = reverse("organisations:give_role", args=[other.salesman.id])
    assert client.post(role, {"role": "owner", "branch": ""}).status_code == 404
    assert (held_by(other.salesman), held_by(other.owner)) == (set(), {(MANAGE, None)})


def test_every_page_needs_the_right(garage: Company) -> None:
    client = garage.client(garage.salesman)
    number = garage.salesman.id
    answers = [
        client.get(PEOPLE),
        client.get(reverse("organisations:people_export")),
        client.get(reverse("organisations:changes")),
        client.get(reverse("organisations:person", args=[number])),
        client.post(CHANGE, {"change": f"grant:{number}:{VIEW}:"}),
        client.post(reverse("organisations:give_role", args=[number]), {"role": "owner"}),
        client.post(reverse("organisations:end", args=[number])),
    ]
    assert {(answer.status_code, answer["X-Reason-Code"]) for answer in answers} == {(403, "right_missing")}
    assert held_by(garage.salesman) == set()


def test_click_grants_and_goes_back_to_the_row(garage: Company) -> None:
    client = garage.client(garage.owner)
    page = f"{PEOPLE}?branch={garage.zwolle.id}"
    asked = {"change": f"grant:{garage.salesman.id}:{VIEW}:{garage.zwolle.id}", "next": page}
    answer = client.post(CHANGE, asked)
    assert (answer.status_code, answer["Location"]) == (302, f"{page}#p-{garage.salesman.id}")
    assert held_by(garage.salesman) == {(VIEW, garage.zwolle.id)}


def test_htmx_click_gives_the_cell_and_history_of_a_reload(garage: Company) -> None:
    client = garage.client(garage.owner)
    asked = {"change": f"grant:{garage.salesman.id}:{VIEW}:"}
    part = client.post(CHANGE, asked, headers=HTMX).content.decode()
    whole = text(client)
    assert switches(part) == {"View vehicles, Sanne de Wit, All branches": True}
    cell = part[: part.index("</td>")].split()
    assert " ".join(cell) in " ".join(whole.split())
    history = re.search(r"<ol class=\"changes\">.*</ol>", part, re.DOTALL)
    assert history is not None
    assert " ".join(history[0].split()) in " ".join(whole.split())


def test_click_that_is_refused_says_why_beside_the_cell(garage: Company) -> None:
    client = garage.client(garage.owner)
    asked = {"change": f"revoke:{garage.owner.id}:{MANAGE}:"}
    part = client.post(CHANGE, asked, headers=HTMX)
    assert part.status_code == 422
    assert "Somebody must be able to give rights." in part.content.decode()
    assert switches(part.content.decode()) == {"Manage colleagues, Kees Bos, All branches": True}
    assert "Somebody must be able to give rights." in client.post(CHANGE, asked, follow=True).content.decode()


def test_click_gives_what_a_right_is_useless_without(garage: Company) -> None:
    """Both marks change, and the page says so; taking one back takes that one alone."""
    client = garage.client(garage.owner)
    change = {"change": f"grant:{garage.salesman.id}:{REGISTER}:{garage.zwolle.id}"}
    part = client.post(CHANGE, change, headers=HTMX).content.decode()
    assert held_by(garage.salesman) == {(REGISTER, garage.zwolle.id), (VIEW, garage.zwolle.id)}
    assert part.count('aria-checked="true"') == 2
    assert part.count('hx-swap-oob="true"') == 2  # the other mark and the history
    assert "Comes with: View vehicles." in text(client, PEOPLE)
    client.post(CHANGE, {"change": change["change"].replace("grant", "revoke")}, headers=HTMX)
    assert held_by(garage.salesman) == {(VIEW, garage.zwolle.id)}


def test_owner_of_a_garage_does_not_act_for_clients(garage: Company) -> None:
    """Only an office works for others; it can still be given one by one."""
    for kind, acts in (("company", False), ("intermediary", True)):
        Organisation.objects.using(OWNER).filter(id=garage.organisation.id).update(kind=kind)
        colleague = world.member(garage.organisation, rights=[])
        address = reverse("organisations:give_role", args=[colleague.id])
        assert garage.client(garage.owner).post(address, {"role": "owner"}).status_code == 302
        assert (("clients.act", None) in held_by(colleague)) is acts
        assert (MANAGE, None) in held_by(colleague)


def test_change_that_cannot_be_read_is_400(garage: Company) -> None:
    assert garage.client(garage.owner).post(CHANGE, {"change": "everything"}).status_code == 400


def test_person_shows_who_gave_each_right(garage: Company) -> None:
    garage.grant(garage.salesman, VIEW)
    garage.grant(garage.salesman, REGISTER, garage.deventer)
    client = garage.client(garage.owner)
    page = text(client, reverse("organisations:person", args=[garage.salesman.id]))
    assert page.count("given by Kees Bos on") == 2
    asked = {"change": f"revoke:{garage.salesman.id}:{VIEW}:", "page": "person"}
    part = client.post(CHANGE, asked, headers=HTMX).content.decode()
    assert part.count("given by Kees Bos on") == 1


def test_person_shows_the_address_to_who_gives_rights(garage: Company) -> None:
    address, page = garage.salesman.account.email, reverse("organisations:person", args=[garage.salesman.id])
    assert f"mailto:{address}" in text(garage.client(garage.owner), page)
    other = company(at=garage.portal, name="Autobedrijf Vos")
    for who in (garage.salesman, other.owner):
        with enter(sessions.actor_of(who).scope):
            assert selectors.address_of_colleague(garage.salesman.id) == ""


def test_role_is_given_at_once(garage: Company) -> None:
    client = garage.client(garage.owner)
    client.post(
        reverse("organisations:give_role", args=[garage.salesman.id]),
        {"role": "reader", "branch": str(garage.zwolle.id)},
    )
    assert held_by(garage.salesman) == {(VIEW, garage.zwolle.id)}


def test_colleague_who_left_is_off_the_matrix_and_in_the_history(garage: Company) -> None:
    client = garage.client(garage.owner)
    answer = client.post(reverse("organisations:end", args=[garage.salesman.id]), follow=True)
    page = answer.content.decode()
    assert "Sanne de Wit no longer works here." in page
    assert "View vehicles, Sanne de Wit, All branches" not in switches(page)
    assert "noted that <b>Sanne de Wit</b> no longer works here" in page


def test_f011_history_marks_own_rights(garage: Company) -> None:
    garage.grant(garage.owner, VIEW)
    assert "own rights" in text(garage.client(garage.owner))


def test_history_goes_on_page_by_page(garage: Company) -> None:
    for _ in range(30):
        garage.grant(garage.salesman, VIEW)
        garage.revoke(garage.salesman, VIEW)
    client = garage.client(garage.owner)
    changes = reverse("organisations:changes")
    first = text(client, changes)
    older = re.search(r'href="(\?after=\d+)"', first)
    assert older is not None
    lines = [page.count("<time") for page in (text(client), first, text(client, changes + older[1]))]
    assert lines == [10, 50, 10]


def test_search_finds_part_of_a_name(garage: Company) -> None:
    page = text(garage.client(garage.owner), f"{PEOPLE}?q=sann")
    assert {label.split(", ")[1] for label in switches(page)} == {"Sanne de Wit"}
    assert "Nobody by this name" in text(garage.client(garage.owner), f"{PEOPLE}?q=zzz")


def test_f020_export_has_a_line_per_branch_and_runs_no_formula(garage: Company) -> None:
    Membership.objects.using(world.OWNER).filter(id=garage.salesman.id).update(display_name="=cmd|' /C calc'!A0")
    garage.grant(garage.salesman, VIEW, garage.zwolle)
    answer = garage.client(garage.owner).get(reverse("organisations:people_export"))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    header, *lines = [line.split(";") for line in answer.content.decode("utf-8-sig").splitlines()]
    view, manage, deregister = (
        header.index(label) for label in ("View vehicles", "Manage colleagues", "Deregister vehicles")
    )
    assert [(line[0], line[1], line[view], line[manage], line[deregister]) for line in lines] == [
        ("'=cmd|' /C calc'!A0", "All branches", "", "", ""),
        ("'=cmd|' /C calc'!A0", "Zwolle", "yes", "", ""),
        ("Kees Bos", "All branches", "", "yes", ""),
    ]
    assert garage.events("people.exported")[0].after == {"people": 2}
    assert DEREGISTER == "vehicles.deregister"


def test_page_asks_as_often_for_one_as_for_thirty(garage: Company) -> None:
    client = garage.client(garage.owner)
    client.get(PEOPLE)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(PEOPLE)
        return len(asked)

    few = queries()
    for _ in range(28):
        world.member(garage.organisation, rights=[VIEW, REGISTER])
    assert queries() == few
