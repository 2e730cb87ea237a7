"""The gallery asks no database, carries no inline style or script, and is there only where it was switched on."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.test.utils import override_settings

PAGES = [
    "/gallery/",
    "/gallery/?portal=werkbank&state=sold&sort=-plate",
    "/gallery/door/",
    "/gallery/theme/werkbank.css",
]
PLAIN = ["django.middleware.locale.LocaleMiddleware", "django.middleware.common.CommonMiddleware"]


@pytest.fixture
def client() -> Iterator[Client]:
    """The gallery alone, without the middleware that asks the database who is there."""
    with override_settings(REMISE_GALLERY=True, ROOT_URLCONF="tests.ui.urls", MIDDLEWARE=PLAIN):
        yield Client()


@pytest.mark.parametrize("page", PAGES)
def test_gallery_page_is_drawn_without_a_database(client: Client, page: str) -> None:
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES[:3])
def test_gallery_page_has_no_inline_style_or_script(client: Client, page: str) -> None:
    html = client.get(page).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)


def test_gallery_ids_are_used_once(client: Client) -> None:
    ids = re.findall(r'\sid="([^"]+)"', client.get("/gallery/").content.decode())
    assert len(ids) == len(set(ids))


def test_gallery_refusal_is_a_403(client: Client) -> None:
    assert client.get("/gallery/refusal/").status_code == 403


@pytest.mark.parametrize("page", [*PAGES, "/gallery/refusal/"])
def test_gallery_is_not_there_where_it_is_off(client: Client, page: str) -> None:
    with override_settings(REMISE_GALLERY=False):
        assert client.get(page).status_code == 404


def test_gallery_knows_only_its_own_themes(client: Client) -> None:
    assert client.get("/gallery/theme/other.css").status_code == 404
