from django.test import Client
from django.urls import reverse

from remise.portals.models import Portal
from remise.ui.theme import Palette
from tests.world import OWNER


def test_theme_is_the_portals_own_and_needs_no_sign_in(client: Client, portal: Portal) -> None:
    answer = client.get(reverse("portals:theme"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer.content.decode() == Palette.of(portal.brand).css()
    assert answer["Cache-Control"] == "public, max-age=300"
    assert not answer.cookies


def test_theme_is_sent_again_only_after_a_colour_changed(client: Client, portal: Portal) -> None:
    url = reverse("portals:theme")
    mark = client.get(url)["ETag"]
    assert client.get(url, headers={"if-none-match": mark}).status_code == 304
    Portal.objects.using(OWNER).filter(id=portal.id).update(brand="#2f4a9a")
    assert client.get(url, headers={"if-none-match": mark}).status_code == 200


def test_pages_take_the_theme_of_their_portal(client: Client) -> None:
    assert f'href="{reverse("portals:theme")}"' in client.get("/account/sign-in/").content.decode()
