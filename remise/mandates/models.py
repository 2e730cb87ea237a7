from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from remise.core.models import Walled
from remise.core.numbers import keyed
from remise.organisations.models import Organisation
from remise.portals.models import Portal
from remise.ui.formats import in_language

# Offered, and neither taken nor turned down nor taken back; it may have expired.
NO_ANSWER = Q(accepted_at=None, declined_at=None, withdrawn_at=None)
STANDS = Q(accepted_at__isnull=False, ended_at=None)


class Mandate(Walled):
    """A company lets an office act for it: for a purpose, with some rights, for a while. It begins as an offer to
    whom it is addressed: a number that the office has here, or a mailbox. Whether such an office exists, the row does
    not tell until that office has taken it on. When an offer expires is real time, as all of security; giving, taking
    on and ending have their business moment."""

    # Emptied some time after it is over, where it is a mailbox.
    addressed_to = models.CharField(max_length=254, blank=True)
    addressed_key = keyed("addressed_to", longest=254)  # of a number; of a mailbox it says nothing
    by_mail = models.BooleanField()
    purpose = models.CharField(max_length=120)
    rights = ArrayField(models.CharField(max_length=40))
    branches = ArrayField(models.BigIntegerField(), null=True)  # null = the whole company
    # Groups of particulars that the office sees (organisations.fields); of others it sees that they are left out.
    fields = ArrayField(models.CharField(max_length=20), default=list)
    starts = models.DateField()
    ends = models.DateField(null=True)  # the first day without; null = until it is ended
    version = models.SmallIntegerField(default=1)  # counts what was changed: each has a receipt of its own
    given_by = models.BigIntegerField()  # the account
    given_at = models.DateTimeField()
    # The accounts that changed it. As with who gave it: none of them takes it on or acts by it.
    changed_by = ArrayField(models.BigIntegerField(), default=list)
    secret_sha = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  # of the newest mail
    sent = models.SmallIntegerField(default=1)
    expires_at = models.DateTimeField()  # as an offer
    asked_again_at = models.DateTimeField(null=True)
    office = models.ForeignKey(Organisation, models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    office_name = models.CharField(max_length=120, blank=True)  # as it was called then
    office_is_person = models.BooleanField(default=False)  # whose name no document holds
    accepted_by = models.BigIntegerField(null=True)  # the account
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)  # the account
    ended_at = models.DateTimeField(null=True)
    handed_back = models.BooleanField(default=False)  # ended by the office
    why = models.CharField(max_length=300, blank=True)  # it was ended

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="mandates_mandate_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(purpose="") & Q(rights__len__gt=0), name="mandates_mandate_says_what_for"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, office=None, accepted_by=None)
                | Q(accepted_at__isnull=False, office__isnull=False, accepted_by__isnull=False),
                name="mandates_mandate_taken_on_by_an_office",
            ),
            models.CheckConstraint(
                condition=~Q(office=F("organisation")), name="mandates_mandate_is_for_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None, withdrawn_at=None)
                | Q(accepted_at=None, withdrawn_at=None)
                | Q(accepted_at=None, declined_at=None),
                name="mandates_mandate_answered_one_way",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, handed_back=False)
                | Q(ended_at__isnull=False, ended_by__isnull=False, accepted_at__isnull=False),
                name="mandates_mandate_ended_by_one",
            ),
            models.CheckConstraint(
                condition=Q(by_mail=True, secret_sha__isnull=False) | Q(by_mail=False, secret_sha=None),
                name="mandates_mandate_secret_by_mail",
            ),
            models.UniqueConstraint(
                "organisation",
                Lower("addressed_to"),
                Lower("purpose"),
                condition=NO_ANSWER,
                name="mandates_mandate_offered_once",
                violation_error_message=_("You offered this already."),
            ),
            # One office acts for one purpose by one mandate at a time.
            ExclusionConstraint(
                name="mandates_mandate_one_at_a_time",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("office", RangeOperators.EQUAL),
                    (Lower("purpose"), RangeOperators.EQUAL),
                    (
                        Func("starts", "ends", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=STANDS,
            ),
        ]
        indexes = [
            models.Index(fields=["office", "organisation"], name="mandates_mandate_of_office"),
            models.Index(fields=["portal", "addressed_to"], condition=NO_ANSWER, name="mandates_mandate_offered"),
            models.Index(fields=["organisation", "-id"], name="mandates_mandate_given"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Tier(models.Model):
    """How an insurer ranks its intermediaries, and what a rank opens: whether their clients are shown to them here,
    and what they may do for those. Data of the portal, not of the product."""

    portal = models.ForeignKey(Portal, models.PROTECT, db_column="portal")
    code = models.SlugField(max_length=20)
    names = models.JSONField()  # language -> name
    rank = models.SmallIntegerField()  # higher is more
    opens = models.BooleanField()
    rights = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "code"], name="mandates_tier_once")]

    @property
    def name(self) -> str:
        """In the reader's language."""
        return in_language(self.names)

    def __str__(self) -> str:
        return self.code


class Intermediary(models.Model):
    """An office through which customers are insured here: its number, its tier, and whom their customers call."""

    portal = models.ForeignKey(Portal, models.PROTECT, db_column="portal")
    office = models.OneToOneField(Organisation, models.PROTECT, db_constraint=False, related_name="+")
    number = models.CharField(max_length=20)
    number_key = keyed("number")
    tier = models.ForeignKey(Tier, models.PROTECT, db_constraint=False, related_name="+")
    contact = models.CharField(max_length=160)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "number_key"],
                name="mandates_intermediary_number",
                violation_error_message=_("There is an intermediary with this number already."),
            ),
            models.CheckConstraint(
                condition=~Q(phone="", email=""),
                name="mandates_intermediary_can_be_reached",
                violation_error_message=_("Give a phone number or a mail address."),
            ),
        ]

    def __str__(self) -> str:
        return self.number
