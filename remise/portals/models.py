from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from remise.core.opening import UnreadableHours, Week
from remise.ui import formats

COLOUR = RegexValidator(r"^#[0-9a-f]{6}$")


def hours_are_readable(text: str) -> None:
    try:
        Week.parse(text)
    except UnreadableHours as unread:
        raise ValidationError(
            _("Write opening hours as Mo-Fr 08:00-17:30; Sa 09:00-17:00."), code="hours"
        ) from unread


class OldPasswords(models.TextChoices):
    """What becomes of passwords that people brought from a former portal, from the day on which all have moved."""

    RENEWED = "renewed", _("must be renewed once")
    REFUSED = "refused", _("do not work any more")


class Portal(models.Model):
    """One insurer's brand: its look, languages, contacts and clock. Not walled: every page shows it to strangers."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    insurer = models.CharField(max_length=120)
    languages = ArrayField(models.CharField(max_length=5))
    brand = models.CharField(max_length=7, validators=[COLOUR])
    brand_ink = models.CharField(max_length=7, validators=[COLOUR])
    brand_soft = models.CharField(max_length=7, validators=[COLOUR])
    logo = models.CharField(max_length=100)
    desk_name = models.CharField(max_length=60)
    desk_phone = models.CharField(max_length=30)
    desk_email = models.EmailField()
    invitation_days = models.PositiveSmallIntegerField(default=7)  # for how long an invitation can be accepted
    # Customers who come from a former portal: from this day on a password of there counts no more, or once.
    moved_on = models.DateField(null=True)
    old_passwords = models.CharField(max_length=7, choices=OldPasswords, default=OldPasswords.RENEWED)
    reset_asks_number = models.BooleanField(default=False)  # who forgot a password types the account's number too
    lost_phone_hours = models.PositiveSmallIntegerField(default=24)  # in which somebody can stop that an app goes
    link_request_days = models.PositiveSmallIntegerField(default=14)  # how long one stays open
    # Work in a branch begins once the insurer has linked its relation number.
    relation_number_required = models.BooleanField(default=False)
    mandates_must_end = models.BooleanField(default=False)  # else one may run until somebody ends it
    # As `core.opening.Week` reads it: whoever names the desk's hours, or counts in them, reads them here.
    desk_week = models.CharField(max_length=120, validators=[hours_are_readable])
    # Business time runs this far from real time; only ever moved forward (going back rebuilds the demo portal).
    clock_offset = models.DurationField(default=timedelta(0))

    def __str__(self) -> str:
        return self.name

    @property
    def week(self) -> Week:
        return Week.parse(self.desk_week)

    @property
    def desk_hours(self) -> str:
        """In the reader's language."""
        return formats.hours(self.week)


class PortalHost(models.Model):
    """The names under which a portal is reached, without a port."""

    host = models.CharField(max_length=253, unique=True)
    portal = models.ForeignKey(Portal, models.CASCADE, related_name="hosts")

    class Meta:
        constraints = [
            # What a browser asks for is made lower case before it is looked up.
            models.CheckConstraint(
                condition=Q(host=Lower("host")),
                name="portals_portalhost_lower_case",
                violation_error_message=_("Write the name of a host in lower case."),
            ),
        ]

    def __str__(self) -> str:
        return self.host


class RetentionTerm(models.Model):
    """From a day on: for how many days one category of data is kept in this portal, and who says so (a law, or the
    insurer's own policy). A category without a row is kept as its room declares (`retention.Category`)."""

    portal = models.ForeignKey(Portal, models.PROTECT, db_column="portal", related_name="+")
    category = models.CharField(max_length=60)
    starts = models.DateField()
    days = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "category", "starts"], name="portals_retentionterm_once_a_day"),
            models.CheckConstraint(condition=Q(days__gte=1), name="portals_retentionterm_a_day"),
            models.CheckConstraint(condition=~Q(source=""), name="portals_retentionterm_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.days}"


class LetGo(models.Model):
    """What the last night let go of in one category, and what it left because it is held. Figures and no more."""

    portal = models.ForeignKey(Portal, models.PROTECT, db_column="portal", related_name="+")
    category = models.CharField(max_length=60)
    at = models.DateTimeField()
    gone = models.IntegerField()
    held = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "category"], name="portals_letgo_once")]

    def __str__(self) -> str:
        return f"{self.category} {self.gone}"


class LegalHold(models.Model):
    """While it lasts nothing about this company, or this person, is let go of by time or erased: a court, a
    supervisor or a dispute asks for it (Regulation (EU) 2016/679, art. 17(3)(e) and 18(1)(c)). Companies and accounts
    are plain numbers, for their rooms lie above this one; their keys are made by the room that sets holds."""

    portal = models.ForeignKey(Portal, models.PROTECT, db_column="portal", related_name="+")
    company = models.BigIntegerField(null=True)
    account = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200)  # what asks for it: a number of a case, never a person's particulars
    held_by = models.BigIntegerField()  # the account
    held_from = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)  # the account

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(company__isnull=True, account__isnull=False)
                | Q(company__isnull=False, account__isnull=True),
                name="portals_legalhold_of_one",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="portals_legalhold_ended_by_one",
            ),
            models.UniqueConstraint(
                fields=["portal", "company", "account"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="portals_legalhold_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company or self.account} {self.reason}"
