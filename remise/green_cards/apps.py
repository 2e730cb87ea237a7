from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GreenCards(AppConfig):
    name = "remise.green_cards"
    verbose_name = _("Green cards")

    def ready(self) -> None:
        from remise.core.clients import deeds
        from remise.core.events import subscribe, subscribe_together
        from remise.core.feed import Followed
        from remise.core.feed import followed as feed
        from remise.core.particulars import told, untold
        from remise.core.registry import Source, home_tasks, menu
        from remise.core.search.kinds import search_kinds
        from remise.desk.kinds import kinds as request_kinds
        from remise.documents.kinds import kinds as documents
        from remise.fleet.offers import after_registering, change_notes, row_actions, vehicle_sections
        from remise.green_cards import coming, followed, frame, leaving, search
        from remise.green_cards.access import SEEING
        from remise.green_cards.actions.voiding import follow_correction
        from remise.green_cards.documents import KIND
        from remise.green_cards.posting import frame as posting
        from remise.green_cards.posting import papers, telling
        from remise.green_cards.posting.rights import LABELS
        from remise.green_cards.products import NAME, SECTION
        from remise.green_cards.retention import ADDRESSES
        from remise.green_cards.sights import CARD, LIST
        from remise.green_cards.trips.asking import KIND as TRIP_QUESTION
        from remise.organisations.looking.selectors import sights
        from remise.organisations.rights import catalogue as rights
        from remise.policies.sections import sections
        from remise.portals.retention import categories

        deeds.add(frame.ISSUED, frame.VOIDED)
        rights.add(*LABELS)
        menu.add(frame.MENU, frame.TRIP, posting.MENU)
        home_tasks.add(Source("green_cards.returned", frame.tasks), Source("green_cards.posting", posting.tasks))
        search_kinds.add(search.KIND)
        row_actions.add(frame.REQUEST)
        vehicle_sections.add(frame.SECTION)
        after_registering.add(frame.OFFER)
        change_notes.add(frame.UNCHANGED)
        documents.add(KIND, papers.SHEET, papers.CONTENTS)
        request_kinds.add(TRIP_QUESTION)
        sections.add(SECTION)
        sights.add(LIST, CARD)
        categories.add(ADDRESSES)
        told.add(leaving.REQUESTED)
        untold.add(leaving.UNTOLD, leaving.INSURER, leaving.POSTED)
        # At once: between a registration undone and its card void there must be no moment.
        subscribe("vehicle.corrected", "green_cards.follow_correction", follow_correction, at_once=True)
        # Of a product that gives no cards by itself nothing follows; of an event that does not say, the job looks.
        subscribe_together(
            "vehicle.registered",
            "green_cards.give_first",
            coming.follow,
            when=lambda after: NAME in after.get("by_itself", [NAME]),
        )
        subscribe_together(
            "vehicle.completed",
            "green_cards.give_completed",
            coming.follow,
            when=lambda after: "make" in after.get("terms", ["make"]),
        )
        subscribe_together("shipment.sent", "green_cards.tell_posted", telling.tell)
        feed.add(
            Followed("cards", followed.CARDS, SEEING, followed.tell, followed.CardChange),
            Followed("printed cards", followed.PRINTED, SEEING, followed.tell_printed, followed.CardsPrinted),
            Followed("shipments", followed.POSTED, SEEING, followed.tell_posted, followed.ShipmentChange),
        )
