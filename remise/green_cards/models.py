from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from remise.core import clock
from remise.core.models import Item, Walled
from remise.documents.models import Document
from remise.green_cards.rules import MINIMUM_DAYS, TRAILER, Delivery, Span
from remise.organisations.models import Branch
from remise.portals.models import Portal

DIGITS = 7  # of a card's number, as it is written


class CardSettings(models.Model):
    """What an insurer's cards say of the insurer. Without a code of the national bureau no card is genuine: SPECIMEN
    stands across it."""

    portal = models.OneToOneField(Portal, models.PROTECT, db_column="portal", related_name="+")
    country_code = models.CharField(max_length=3, default="NL")
    insurer_code = models.CharField(max_length=10, null=True)  # noqa: DJ001  # null = not authorised
    bureau = models.CharField(max_length=120, default="Nederlands Bureau der Motorrijtuigverzekeraars")
    insurer_name = models.CharField(max_length=120)
    insurer_address = models.CharField(max_length=200)
    signed_by = models.CharField(max_length=80)  # set in type where there is no picture of a signature
    signature = models.TextField(blank=True)  # SVG
    # On the page beside the card: nothing but the model's boxes may stand on the card.
    assistance_home = models.CharField(max_length=30)
    assistance_abroad = models.CharField(max_length=30)
    claims_phone = models.CharField(max_length=30)
    # How cards are printed for the post: so many at most in one batch, within so many working days.
    batch_cards = models.PositiveSmallIntegerField(default=250)
    post_within = models.PositiveSmallIntegerField(default=2)
    both_sides = models.BooleanField(default=True)  # how the printer is set: each sheet of paper begins with a front

    def __str__(self) -> str:
        return self.insurer_code or "SPECIMEN"


class CardDelivery(Walled):
    """How a company wants the cards that come by themselves: otherwise than its products say, and in which
    language."""

    delivery = models.CharField(max_length=4, blank=True)  # rules.Delivery; empty = as the product says
    language = models.CharField(max_length=2, blank=True)  # empty = the portal's first

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation"], name="green_cards_carddelivery_once"),
            models.CheckConstraint(
                condition=Q(delivery__in=["", *Delivery]), name="green_cards_carddelivery_delivery"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.delivery}"


class Counter(models.Model):
    """The next number of an insurer. Nobody but a door may touch it: a number taken is a number given, and what is
    rolled back gives it back."""

    portal = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    next = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "kind"], name="green_cards_counter_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.next}"


class Shipment(Walled):
    """The cards of one request, and how they reach the customer: by post to one address, or as a file. The address is
    kept until they have arrived and emptied then; `key` makes a request that is sent twice one request."""

    class Format(models.TextChoices):
        PDF = "pdf", _("PDF")
        PAPER = "paper", _("Paper, by post")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits to be printed")
        PRINTING = "printing", _("Being printed")
        SENT = "sent", _("Posted")
        CANCELLED = "cancelled", _("Not posted")
        RETURNED = "returned", _("Came back")

    class ReturnReason(models.TextChoices):
        ADDRESS = "address", _("Wrong address")
        REFUSED = "refused", _("Refused")
        UNKNOWN = "unknown", _("Not known")

    # The legal moves; the trigger in the wall's migration knows the same. What was printed wrongly waits again, and
    # who marked a batch as sent by mistake takes that back.
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.WAITING: {State.PRINTING, State.CANCELLED},
        State.PRINTING: {State.SENT, State.WAITING},
        State.SENT: {State.PRINTING, State.RETURNED},
        State.CANCELLED: set(),
        State.RETURNED: {State.SENT},  # noted by mistake
    }

    key = models.UUIDField()
    format = models.CharField(max_length=5, choices=Format)
    requested_at = models.DateTimeField()
    requested_by = models.BigIntegerField(null=True)  # the account
    addressee = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    town = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)  # ISO
    # Of one by post: how far it is, the day by which it is to be posted, and when that was done by whom.
    state = models.CharField(max_length=9, choices=State, blank=True)
    post_by = models.DateField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.BigIntegerField(null=True)  # the account
    # Of one that came back; and of one that is sent again, the request whose cards it carries.
    returned_at = models.DateTimeField(null=True)
    returned_by = models.BigIntegerField(null=True)  # the account
    return_reason = models.CharField(max_length=7, choices=ReturnReason, blank=True)
    again_of = models.ForeignKey("self", models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    forget_on = models.DateField(null=True)  # the day on which the address is no longer needed; null = not yet
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="green_cards_shipment_once"),
            models.CheckConstraint(
                # What addresses.complete asks for.
                condition=~Q(format="paper")
                | Q(erased_at__isnull=False)
                | (~Q(addressee="") & ~Q(street="") & ~Q(town="")),
                name="green_cards_shipment_has_address",
                violation_error_message=_("Cards by post need an address."),
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(addressee="", street="", postcode="", town="", country=""),
                name="green_cards_shipment_erased",
            ),
            models.CheckConstraint(
                condition=Q(format="pdf", state="", post_by__isnull=True)
                | Q(
                    format="paper",
                    state__in=["waiting", "printing", "sent", "cancelled", "returned"],
                    post_by__isnull=False,
                ),
                name="green_cards_shipment_goes_by_post",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "returned"], sent_at__isnull=False)
                | ~Q(state__in=["sent", "returned"]) & Q(sent_at__isnull=True, sent_by__isnull=True),
                name="green_cards_shipment_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(state="returned", returned_at__isnull=False) & ~Q(return_reason="")
                | ~Q(state="returned") & Q(returned_at__isnull=True, returned_by__isnull=True, return_reason=""),
                name="green_cards_shipment_came_back",
            ),
            models.CheckConstraint(
                condition=Q(again_of__isnull=True) | Q(format="paper"), name="green_cards_shipment_again_by_post"
            ),
            # Cards that came back are sent again once, until they come back once more.
            models.UniqueConstraint(
                fields=["again_of"],
                condition=Q(again_of__isnull=False) & ~Q(state="returned"),
                name="green_cards_shipment_again_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "printing"]) | Q(erased_at__isnull=True),
                name="green_cards_shipment_still_needs_address",
            ),
        ]
        indexes = [
            models.Index(
                fields=["portal", "forget_on"], condition=Q(erased_at__isnull=True), name="green_cards_forget"
            ),
            models.Index(
                fields=["portal", "post_by", "id"], condition=Q(state="waiting"), name="green_cards_to_be_posted"
            ),
            models.Index(fields=["organisation"], condition=Q(state="returned"), name="green_cards_came_back"),
        ]

    @property
    def carries(self) -> int:
        """The request whose cards are in it: its own, or the one that is sent again."""
        return self.again_of_id or self.id

    @property
    def posted_on(self) -> date | None:
        return clock.day_of(self.sent_at) if self.sent_at else None

    @property
    def returned_on(self) -> date | None:
        return clock.day_of(self.returned_at) if self.returned_at else None

    def __str__(self) -> str:
        return f"{self.pk}"


class PrintBatch(models.Model):
    """Shipments that go through the printer together. What is in it stays as it is; its file is drawn by a job, and
    kept by the room of the documents (`documents.PrintFile`)."""

    portal = models.BigIntegerField(editable=False)
    number = models.BigIntegerField()
    key = models.UUIDField()  # of the form: pressed twice it is one batch
    language = models.CharField(max_length=5)  # of who stands at the printer
    both_sides = models.BooleanField()
    cards = models.IntegerField()
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()  # accounts
    drawn = models.IntegerField(default=0)  # documents of its file, as far as the job is
    sent_at = models.DateTimeField(null=True)
    sent_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "number"], name="green_cards_printbatch_number"),
            models.UniqueConstraint(fields=["portal", "key"], name="green_cards_printbatch_once"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, sent_by__isnull=True)
                | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="green_cards_printbatch_sent_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class BatchShipment(Walled):
    """A shipment in a print batch: its place there, what was printed of it, and what became of it. It is in one batch
    at a time, and in another one only where it was left out of the one before."""

    class Outcome(models.TextChoices):
        GOING = "going", _("In the batch")
        SENT = "sent", _("Posted")
        LEFT_OUT = "left_out", _("Left out")

    batch = models.ForeignKey(PrintBatch, models.DO_NOTHING, db_constraint=False, related_name="shipments")
    shipment = models.ForeignKey(Shipment, models.DO_NOTHING, db_constraint=False, related_name="+")
    place = models.IntegerField()
    documents = ArrayField(models.BigIntegerField())  # the papers of its cards, in their order
    first_page = models.IntegerField(null=True)  # in the batch's file; null until it is drawn
    last_page = models.IntegerField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.GOING)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "place"], name="green_cards_batchshipment_place"),
            models.UniqueConstraint(fields=["batch", "shipment"], name="green_cards_batchshipment_in_batch"),
            models.UniqueConstraint(
                fields=["shipment"], condition=~Q(outcome="left_out"), name="green_cards_batchshipment_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.place}"


def _days() -> Func:
    """Of a card, both included."""
    return Func("valid_from", "valid_to", Value("[]"), function="daterange", output_field=DateRangeField())


class GreenCard(Walled):
    """An international motor insurance card. What is printed on it never changes (a trigger holds that); whether it
    is worth anything follows from the cover and is not stored. First and last day are both included."""

    class Reason(models.TextChoices):
        MISPRINT = "misprint", _("Misprint")
        LOST = "lost", _("Lost or stolen")
        WRONG = "wrong", _("The vehicle's particulars are wrong")
        OTHER = "other", _("Another reason")
        CORRECTED = "corrected", _("The registration was undone")
        REPLACED = "replaced", _("It had ended, and another one took its place")

    item = models.ForeignKey(Item, models.DO_NOTHING, db_constraint=False, related_name="+")
    branch = models.ForeignKey(Branch, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    serial = models.BigIntegerField()
    plate = models.CharField(max_length=8, db_collation="C")
    valid_from = models.DateField()
    valid_to = models.DateField()
    category = models.CharField(max_length=1)
    with_trailer = models.BooleanField(default=False)  # a light trailer is noted beside the category
    # Of a trailer's second card: the plate of the car it was asked for. The card lives by that car's cover.
    pulled_by = models.CharField(max_length=8, db_collation="C", blank=True)
    make = models.CharField(max_length=60)
    territory = models.JSONField()  # {"block": [signs], "covered": [signs], "crossed": [signs]}
    token = models.CharField(max_length=43, unique=True)  # what the code beside the card leads to
    shipment = models.ForeignKey(Shipment, models.DO_NOTHING, db_constraint=False, related_name="cards")
    document = models.ForeignKey(Document, models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    issued_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True)  # through "print", for the first time; later ones are reprints
    reprints = models.PositiveSmallIntegerField(default=0)
    # Of a card that came by itself: the day from which it was due; null = it was asked for.
    period = models.DateField(null=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=10, choices=Reason, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "serial"], name="green_cards_greencard_serial"),
            # However often a job runs. What was undone with its registration may come again.
            models.UniqueConstraint(
                fields=["item", "period"],
                condition=Q(period__isnull=False) & ~Q(void_reason="corrected"),
                name="green_cards_greencard_by_itself_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from") + MINIMUM_DAYS - 1), name="green_cards_greencard_minimum"
            ),
            models.CheckConstraint(condition=Q(category__in=list("ABCDEFG")), name="green_cards_greencard_category"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, void_reason="")
                | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="green_cards_greencard_void_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(pulled_by="") | Q(category=TRAILER, with_trailer=False),
                name="green_cards_greencard_second_is_a_trailers",
            ),
            ExclusionConstraint(
                name="green_cards_greencard_one_for_a_trailer",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("plate", RangeOperators.EQUAL),
                    (_days(), RangeOperators.OVERLAPS),
                ],
                condition=Q(voided_at__isnull=True) & ~Q(pulled_by=""),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-serial"], name="green_cards_by_organisation"),
            models.Index(fields=["organisation", "plate"], name="green_cards_by_plate"),
        ]

    @property
    def number(self) -> str:
        """As it stands on the card and on an accident statement."""
        return f"{self.serial:0{DIGITS}d}"

    @property
    def is_second(self) -> bool:
        """Of a trailer with a plate of its own, by the cover of the car that pulls it."""
        return self.pulled_by != ""

    @property
    def by_itself(self) -> bool:
        """Nobody asked for it: its product gives one at registration, and the next one before it ends."""
        return self.period is not None

    @property
    def was_printed(self) -> bool:
        return self.printed_at is not None or self.reprints > 0

    @property
    def span(self) -> Span:
        return Span(self.valid_from, self.valid_to)

    def __str__(self) -> str:
        return self.number
