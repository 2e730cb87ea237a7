from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Fleet(AppConfig):
    name = "remise.fleet"
    verbose_name = _("Vehicles")  # heads this room's rights in the matrix

    def ready(self) -> None:
        from remise.core.clients import client_tasks, deeds
        from remise.core.feed import Followed
        from remise.core.feed import followed as feed
        from remise.core.particulars import untold
        from remise.core.registry import Source, home_beginnings, home_tasks, home_tiles, menu
        from remise.core.search.kinds import company_pages, company_parts, search_kinds
        from remise.desk.kinds import kinds as request_kinds
        from remise.documents.kinds import kinds as documents
        from remise.fleet import clients, followed, frame, leaving, offers, requests, runs, search
        from remise.fleet.bulk import kinds as bulk
        from remise.fleet.bulk.results import RESULTS
        from remise.fleet.documents import KINDS
        from remise.fleet.parties import exports as parties
        from remise.fleet.parties import followed as followed_parties
        from remise.fleet.parties import frame as drivers
        from remise.fleet.parties import retention
        from remise.fleet.radar import frame as radar
        from remise.fleet.rights import LABELS, FleetRight
        from remise.fleet.sights import SIGHTS
        from remise.fleet.twice import retention as covers
        from remise.fleet.twice.requests import KINDS as COVERED_TWICE
        from remise.organisations.looking.selectors import sights
        from remise.organisations.rights import catalogue
        from remise.portals.retention import categories
        from remise.runs.kinds import kinds

        catalogue.add(*LABELS)
        untold.add(leaving.UNTOLD, leaving.DISMISSED)
        search_kinds.add(*search.KINDS)
        company_pages.add(search.PAGE)
        company_parts.add(*search.PARTS)
        menu.add(*frame.MENU, drivers.MENU)
        client_tasks.add(clients.FINDINGS, clients.RADAR)
        deeds.add(*clients.DEEDS)
        home_tiles.add(Source("fleet", frame.tiles), Source("radar", radar.tiles))
        home_beginnings.add(Source("fleet", frame.beginning))
        home_tasks.add(Source("fleet", frame.tasks), Source("radar", radar.tasks))
        kinds.add(*bulk.KINDS.values(), RESULTS, runs.STOCK, parties.PARTIES_FILE)
        documents.add(*KINDS)
        sights.add(*SIGHTS, *drivers.SIGHTS)
        categories.add(retention.UNUSED, covers.FOUND, covers.COMPARED)
        _follow()
        request_kinds.add(*requests.KINDS, *COVERED_TWICE)
        offers.row_actions.add(offers.DEREGISTER)
        feed.add(
            Followed("vehicles", followed.CHANGES, (FleetRight.VIEW,), followed.tell, followed.VehicleChange),
            Followed(
                "vehicle exports",
                followed.EXPORTS,
                (FleetRight.VIEW,),
                followed.tell_exports,
                followed.VehiclesExported,
            ),
            Followed(
                "findings", followed.FINDINGS, (FleetRight.VIEW,), followed.tell_findings, followed.FindingChange
            ),
            Followed(
                "drivers and lessees",
                followed_parties.PARTIES,
                (FleetRight.VIEW,),
                followed_parties.tell,
                followed_parties.PartyChange,
            ),
            Followed(
                "exports of drivers and lessees",
                followed_parties.EXPORTS,
                (FleetRight.VIEW,),
                followed_parties.tell_exports,
                followed_parties.PartiesExported,
            ),
        )


def _follow() -> None:
    """What this room does when something happened to its vehicles."""
    from remise.core.events import subscribe, subscribe_together
    from remise.fleet import awaiting
    from remise.fleet.actions.settling import settle_mended
    from remise.fleet.findings import AT_DESK
    from remise.fleet.radar.comparing import settle_followed
    from remise.fleet.requests import found
    from remise.fleet.twice import keeping as twice

    subscribe_together(
        "vehicle.registered",
        "fleet.await_answer",
        awaiting.await_answers,
        when=lambda after: bool(after.get("awaited")),
    )
    subscribe_together("vehicle.corrected", "fleet.settle_corrected", settle_mended, at_once=True)
    subscribe_together("vehicle.deregistered", "fleet.settle_deregistered", settle_mended, at_once=True)
    subscribe(
        "finding.raised",
        "fleet.place_finding",
        found.place,
        at_once=True,
        when=lambda after: after["kind"] in AT_DESK,
    )
    subscribe(
        "finding.settled",
        "fleet.close_request",
        found.close,
        when=lambda after: after["kind"] in AT_DESK,
    )
    for change in ("registered", "corrected", "changed", "deregistered", "value_overridden"):
        subscribe_together(f"vehicle.{change}", f"fleet.radar_{change}", settle_followed, at_once=True)
    for change in ("registered", "corrected", "deregistered", "completed"):
        subscribe_together(f"vehicle.{change}", f"fleet.twice_{change}", twice.follow)
    subscribe_together("double_cover.ended", "fleet.close_double_cover", twice.close)
