"""The demo's own door opens in the demo and nowhere else."""

import os
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from remise.accounts.models import Account
from tests import world


@pytest.mark.parametrize("path", ["/demo/as/sanne", "/demo/mailbox", "/demo/time", "/gallery/"])
def test_demo_addresses_do_not_exist_outside_the_demo(path: str) -> None:
    portal = world.portal()
    answer = Client(HTTP_HOST=f"{portal.slug}.localhost").get(path)
    assert answer.status_code == 404
    assert "session" not in answer.cookies


def test_demo_is_not_installed_outside_the_demo() -> None:
    assert not settings.DEMO
    assert not apps.is_installed("remise.demo")
    with pytest.raises(NoReverseMatch):
        reverse("demo:enter_as", args=["sanne"])


def test_door_refuses_outside_the_demo_even_when_called() -> None:
    from remise.demo.door import walk_in

    with pytest.raises(PermissionDenied):
        walk_in(RequestFactory().get("/"), Account(email="sanne@example.test"))


def test_demo_is_only_there_when_the_environment_says_so() -> None:
    """In a process of its own: with the setting the address exists."""
    script = (
        "import django; django.setup();"
        "from django.urls import reverse; print(reverse('demo:enter_as', args=['sanne']))"
    )
    environment = os.environ | {"REMISE_DEMO": "1", "DJANGO_SETTINGS_MODULE": "remise.config.settings"}
    said = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "/demo/as/sanne"
