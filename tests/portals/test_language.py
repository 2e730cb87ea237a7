import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from remise.portals.models import Portal
from tests.world import OWNER

SIGN_IN = "/account/sign-in/"


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("de", "de"),
        ("de-AT,de;q=0.9", "de"),
        ("fr,en;q=0.8,de;q=0.7", "en"),
        ("de;q=0.3,en-GB;q=0.9", "en"),
        ("fr", "nl"),
        ("", "nl"),
        ("*", "nl"),
        ("not/a/language;q=x", "nl"),
    ],
)
def test_browser_gets_the_first_language_that_the_portal_speaks(client: Client, asked: str, answered: str) -> None:
    answer = client.get(SIGN_IN, headers={"accept-language": asked})
    assert answer["Content-Language"] == answered
    assert f'<html lang="{answered}">' in answer.content.decode()
    assert {"Accept-Language", "Cookie"} <= {part.strip() for part in answer["Vary"].split(",")}


def test_language_that_the_portal_does_not_speak_is_not_given(client: Client, portal: Portal) -> None:
    Portal.objects.using(OWNER).filter(id=portal.id).update(languages=["de", "nl"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.get(SIGN_IN, headers={"accept-language": "en,nl;q=0.5"})
    assert answer["Content-Language"] == "nl"
    assert client.get(SIGN_IN)["Content-Language"] == "de"
    page = answer.content.decode()
    assert [f'value="{code}" lang' in page for code in ("nl", "de", "en")] == [True, True, False]


def test_choice_is_remembered_and_leads_back(client: Client) -> None:
    answer = client.post(reverse("portals:language"), {"language": "de", "next": "/account/new/?a=b"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/new/?a=b")
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert client.get(SIGN_IN, headers={"accept-language": "en"})["Content-Language"] == "de"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_choice_leads_nowhere_else(client: Client, target: str) -> None:
    answer = client.post(reverse("portals:language"), {"language": "de", "next": target})
    assert answer["Location"] == "/"


def test_unknown_choice_is_not_remembered(client: Client) -> None:
    answer = client.post(reverse("portals:language"), {"language": "fr"})
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


def test_choice_is_made_by_post_only(client: Client) -> None:
    assert client.get(reverse("portals:language")).status_code == 405
