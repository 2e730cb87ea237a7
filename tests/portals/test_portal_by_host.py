from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from remise.core.scope import ActorKind, Scope, enter
from remise.portals.middleware import PortalByHost
from remise.portals.models import Portal, PortalHost
from remise.portals.requests import portal_of
from tests import world

SCOPE = "select current_user, current_setting('remise.portal')"


def seen_by_a_view(host: str) -> tuple[Portal | None, tuple[str, str]]:
    """The portal and the scope that a view meets under this host."""
    seen: list[tuple[Portal | None, tuple[str, str]]] = []

    def view(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute(SCOPE)
            seen.append((portal_of(request), cursor.fetchone()))
        return HttpResponse()

    with enter(Scope(ActorKind.PUBLIC)):
        PortalByHost(view)(RequestFactory().get("/", headers={"host": host}))
    return seen[0]


def test_portal_is_found_by_host_whatever_the_port_and_case(portal: Portal) -> None:
    for host in (f"{portal.slug}.localhost", f"{portal.slug}.localhost:8443", f"{portal.slug.upper()}.LocalHost"):
        found, scope = seen_by_a_view(host)
        assert found == portal
        assert scope == ("remise_public", str(portal.id))


def test_second_name_leads_to_the_same_portal(portal: Portal) -> None:
    name = f"mijn-{portal.slug}.localhost"
    PortalHost.objects.using(world.OWNER).create(host=name, portal=portal)
    assert seen_by_a_view(name)[0] == portal


def test_unknown_host_gets_a_plain_page(client: Client) -> None:
    answer = client.get("/account/sign-in/", headers={"host": "nergens.localhost", "accept-language": "en"})
    assert answer.status_code == 404
    assert "There is no portal here" in answer.content.decode()


def test_start_host_is_open_in_the_demo_only(settings: Settings) -> None:
    settings.START_URLCONF = ""
    assert Client(HTTP_HOST="localhost").get("/").status_code == 404
    settings.START_URLCONF = "tests.portals.start_urls"
    answer = Client(HTTP_HOST="localhost:8000").get("/")
    assert answer.content == b"start"


def test_health_is_told_under_any_name() -> None:
    assert Client(HTTP_HOST="nergens.localhost").get("/healthz").content == b"ok"


def test_name_that_is_not_allowed_is_refused() -> None:
    assert settings.ALLOWED_HOSTS
    assert Client(HTTP_HOST="evil.example").get("/").status_code == 400
