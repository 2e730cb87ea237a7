"""The template tags and the drawing of forms; no database."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from remise.ui.decisions import Refusal
from remise.ui.forms import DayInput, PlateInput
from remise.ui.shell import Link

STATIC = Path("remise/ui/static/ui")


def render(source: str, query: str = "", **context: object) -> str:
    request = RequestFactory().get(f"/list/?{query}")
    with override("en"):
        return Template("{% load ui %}" + source).render(Context({"request": request, **context}))


class Trip(forms.Form):
    plate = forms.CharField(label="Plate", help_text="As on the card.", widget=PlateInput)
    note = forms.CharField(label="Note", required=False)
    reach = forms.ChoiceField(label="Reach", choices=[("a", "A")], widget=forms.RadioSelect)


def test_icon_without_label_is_hidden_from_screen_readers() -> None:
    html = render('{% icon "car" %}')
    assert 'aria-hidden="true"' in html
    assert "icons.svg#car" in html


def test_icon_with_label_is_a_named_picture() -> None:
    assert 'role="img" aria-label="A &amp; B"' in render("{% icon 'car' label %}", label="A & B")


@pytest.mark.parametrize(("value", "trade"), [("GBB01B", False), ("HA1234", True), ("OA-99-99", True)])
def test_plate_is_green_for_the_trade_only(value: str, trade: bool) -> None:
    assert ("plate-trade" in render("{% plate value %}", value=value)) is trade


def test_plate_escapes_what_it_is_given() -> None:
    assert "<script>" not in render("{% plate value %}", value="<script>")


def test_button_with_address_is_a_link_and_without_one_submits() -> None:
    assert '<a class="btn btn-plain" href="/x"' in render('{% button "Go" href="/x" %}')
    assert 'type="submit"' in render('{% button "Go" %}')


def test_button_passes_attributes_with_hyphens() -> None:
    html = render('{% button "Go" hx_post=url data_print=True disabled=False %}', url="/x?a=1&b=2")
    assert 'hx-post="/x?a=1&amp;b=2"' in html
    assert " data-print" in html
    assert "disabled" not in html


def test_block_components_keep_their_content_and_escape_their_arguments() -> None:
    html = render("{% card title=title %}<p>{{ text }}</p>{% endcard %}", title="<b>", text="<i>")
    assert "<p>&lt;i&gt;</p>" in html
    assert "&lt;b&gt;" in html


def test_tile_draws_a_line_only_with_a_trend() -> None:
    assert "<polyline" in render('{% tile "Cars" "412" trend=trend %}', trend=[1, 2, 3])
    assert "<svg" not in render('{% tile "Cars" "412" %}')


def test_sort_turns_around_and_tells_its_direction() -> None:
    html = render('{% sort "plate" "Plate" %}', query="sort=plate&state=active&after=k")
    assert 'aria-sort="ascending"' in html
    assert "sort=-plate" in html
    assert "state=active" in html
    assert "after=" not in html


def test_sort_shows_the_default_when_nothing_is_chosen() -> None:
    assert 'aria-sort="descending"' in render('{% sort "since" "Since" default="-since" %}')


def test_chip_that_holds_takes_itself_off() -> None:
    html = render('{% chip "Sold" "state" "sold" %}', query="state=sold&q=x")
    assert 'aria-current="true"' in html
    assert 'href="?q=x"' in html


def test_pager_shows_only_the_ways_there_are() -> None:
    html = render("{% pager older=older %}", older="2026-01-01.7")
    assert "after=2026-01-01.7" in html
    assert 'rel="prev"' not in html
    assert render("{% pager %}").strip() == ""


def test_steps_name_the_current_one_and_lead_back() -> None:
    html = render("{% steps names 2 urls %}", names=["One", "Two", "Three"], urls=["/1", "/2"])
    assert 'aria-current="step"' in html
    assert 'href="/1"' in html
    assert 'href="/2"' not in html


def test_progress_uses_the_progress_element() -> None:
    assert '<progress value="97" max="140"' in render('{% progress 97 140 "Registering" %}')


def test_fact_without_value_shows_a_dash() -> None:
    assert "<dd>\N{EN DASH}</dd>" in render('{% fact "Make" value %}', value=None)


def test_decision_shows_what_is_missing_and_who_can_give_it() -> None:
    refusal = Refusal(
        "No", who="Sanne", missing="Register", granters=["Gerard", "Mila"], button=Link("Ask", "/ask"), post=True
    )
    html = render("{% decision refusal %}", refusal=refusal)
    for words in ("Sanne", "Register", "Gerard, Mila", 'action="/ask"'):
        assert words in html


def test_sentence_button_carries_its_template_and_today() -> None:
    html = render('{% sentence_button "Insure {plate}" "Insure" today=day %}', day=dt.date(2026, 10, 21))
    assert 'data-sentence="Insure {plate}"' in html
    assert 'data-today="2026-10-21"' in html


def test_field_ties_hint_and_error_to_its_input() -> None:
    html = render("{% field form.plate %}", form=Trip({"plate": ""}))
    assert 'aria-describedby="id_plate_helptext id_plate_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_plate_error"' in html
    assert 'id="id_plate_helptext"' in html


def test_field_that_may_stay_empty_says_so() -> None:
    assert "(not required)" in render("{% field form.note %}", form=Trip())


def test_form_with_errors_starts_with_links_to_its_fields() -> None:
    html = render("{{ form }}", form=Trip({}))
    assert "2 things are not right yet" in html
    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets == ["id_plate", "id_reach"]
    for target in targets:
        assert f'id="{target}"' in html


def test_plate_input_shows_dashes_of_what_was_stored() -> None:
    html = render("{{ form.plate }}", form=Trip(initial={"plate": "GBB01B"}))
    assert 'value="GBB-01-B"' in html
    assert "plate-input" in html


def test_day_input_keeps_its_limits_in_the_native_field() -> None:
    widget = DayInput()
    widget.earliest, widget.latest = dt.date(2026, 9, 24), dt.date(2026, 10, 21)
    widget.shortcuts = [("today", widget.latest)]
    html = widget.render("starts", widget.latest, {"id": "id_starts"})
    for attribute in ('type="date"', 'min="2026-09-24"', 'max="2026-10-21"', 'value="2026-10-21"'):
        assert attribute in html
    assert 'data-day="2026-10-21"' in html


@pytest.mark.parametrize(
    "page", ["400.html", "403.html", "403_csrf.html", "404.html", "405.html", "429.html", "500.html"]
)
def test_error_page_is_drawn_without_a_request(page: str) -> None:
    html = render_to_string(page)
    assert "<h1" in html
    assert "<main" in html


def test_own_css_and_js_stay_small() -> None:
    files = [*STATIC.glob("*.css"), *STATIC.glob("*.js")]
    assert sum(path.stat().st_size for path in files) < 60_000


def test_every_icon_that_a_template_asks_for_is_in_the_sprite() -> None:
    sprite = (STATIC / "icons.svg").read_text("utf-8")
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    asked = {
        name
        for path in Path("remise").glob("*/templates/**/*.html")
        for name in re.findall(r"""{%\s*icon ["']([\w-]+)["']""", path.read_text("utf-8"))
    }
    assert asked <= known, asked - known


@pytest.mark.parametrize(("label", "shown"), [("Plate", "Plate:"), ("What is it for?", "What is it for?")])
def test_introducing_asks_no_question_twice(label: str, shown: str) -> None:
    assert render("{{ label|introducing }}", label=label) == shown
