"""The summary of a run with rows, as a document."""

import pytest

from remise.core.errors import NotVisible
from remise.core.scope import enter
from remise.documents.actions import pdf_of, read
from remise.documents.models import Document
from remise.runs import documents
from remise.runs.documents import draw_up_summary
from remise.runs.models import Run, RunRow
from tests import jobs, sessions
from tests.documents.papers import pages, stored, tags, text
from tests.runs.office import Office, office


@pytest.fixture
def desk() -> Office:
    jobs.forget()
    return office()


def summary(of: Office, run: Run) -> Document:
    by = of.actor()
    with enter(by.scope):
        return draw_up_summary(by=by, run=run.id)


def test_summary_lists_each_row_with_its_verdict(desk: Office) -> None:
    run = desk.stamp({}, {"then": "refuse", "words": "Not on a Sunday."}, {})
    jobs.work_off()
    document = summary(desk, run)
    by = desk.actor()
    with enter(by.scope):
        content = pdf_of(document, by=by)
    said = " ".join(text(content).split())
    for row in RunRow.objects.using("owner").filter(run=run):
        assert row.key in said
        assert str(row.get_verdict_display()) in said
        assert row.message in said
    assert {"Table", "TH", "TR"} <= set(tags(content))
    assert summary(desk, run).id == document.id


def test_summary_of_what_is_under_way_is_not_there(desk: Office) -> None:
    run = desk.stamp({}, {})
    with pytest.raises(NotVisible):
        summary(desk, run)


def test_summary_of_an_export_is_not_there(desk: Office) -> None:
    run = desk.export(rows=1)
    jobs.work_off()
    with pytest.raises(NotVisible):
        summary(desk, run)


def test_long_summary_is_drawn_by_a_job(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "AT_ONCE", 2)
    run = desk.stamp({}, {}, {})
    jobs.work_off()
    client = sessions.client_of(desk.clerk, desk.portal)
    shown = client.get(f"/runs/{run.id}/summary", follow=True)
    assert (shown.status_code, shown["Refresh"]) == (200, "2")
    address = shown.redirect_chain[-1][0]
    jobs.work_off()
    opened = client.get(address)
    assert opened["Content-Type"] == "application/pdf"
    by = desk.actor()
    with enter(by.scope):
        document, content = read(by=by, document=int(address.split("/")[2]))
    assert stored(document).is_drawn
    assert content
    assert len(pages(content)) == 1
