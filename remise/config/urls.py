"""Where each room's pages live."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from remise.config.home import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("remise.config.health")),
    path("", home, name="home"),
    path("", include("remise.portals.urls")),
    path("account/", include("remise.accounts.urls")),
    path("company/", include("remise.organisations.urls")),
    path("search/", include("remise.search.urls")),
    path("documents/", include("remise.documents.urls")),
    path("", include("remise.desk.urls")),
    path("access/", include("remise.organisations.asking.urls")),
    path("invitations/", include("remise.organisations.invitations.urls")),
    path("locked-out/", include("remise.organisations.locked_out.urls")),
    path("connections/", include("remise.organisations.tokens.urls")),
    path("join/", include("remise.onboarding.urls")),
    path("links/", include("remise.onboarding.link_urls")),
    path("applications/", include("remise.onboarding.queue_urls")),
    path("mandates/", include("remise.mandates.urls")),
    path("clients/", include("remise.mandates.client_urls")),
    path("products/", include("remise.policies.product_urls")),
    path("intermediaries/policies/", include("remise.policies.urls")),
    path("intermediaries/", include("remise.mandates.intermediary_urls")),
    path("runs/", include("remise.runs.urls")),
    path("operations/", include("remise.operations.urls")),
    path("vehicles/", include("remise.fleet.urls")),
    path("desk/agreements/", include("remise.fleet.agreement_urls")),
    path("drivers/", include("remise.fleet.parties.urls")),
    path("cards/", include("remise.green_cards.urls")),
    path("desk/post/", include("remise.green_cards.posting.urls")),
    path("trips/", include("remise.green_cards.trips.urls")),
    path("me/", include("remise.privacy.urls")),
    path("desk/notices/", include("remise.notices.urls")),
    path("keeping/", include("remise.privacy.staff_urls")),
    path("help/remarks/", include("remise.help.remark_urls")),
    path("help/", include("remise.help.urls")),
    path("api/v1/", include("remise.api.urls")),
]
if settings.REMISE_GALLERY:
    urlpatterns.append(path("", include("remise.ui.urls")))
if settings.DEMO:
    urlpatterns.append(path("demo/", include("remise.demo.urls")))
