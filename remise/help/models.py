from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from remise.core.models import Walled
from remise.core.opening import Week
from remise.help.capacities import Capacity, Topic
from remise.portals.models import Portal, hours_are_readable
from remise.ui.formats import in_language

LONGEST_COMMENT = 1000


class Partner(models.Model):
    """A firm through which customers of the insurer come, with a desk of its own: a car brand's finance company."""

    portal = models.ForeignKey(Portal, models.PROTECT, db_column="portal")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "name"], name="help_partner_once")]

    def __str__(self) -> str:
        return self.name


class CompanyPartner(Walled):
    """A company is a customer by way of this partner; a dealer of two brands has two."""

    partner = models.ForeignKey(Partner, models.DO_NOTHING, db_constraint=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "partner"], name="help_companypartner_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.partner_id}"


class Contact(models.Model):
    """Somebody who can help, beside the portal's own desk: about which topics, for whom, how and when."""

    portal = models.ForeignKey(Portal, models.PROTECT, db_column="portal")
    code = models.SlugField(max_length=40)
    names = models.JSONField()  # by language
    partner = models.ForeignKey(
        Partner, models.DO_NOTHING, db_constraint=False, null=True, related_name="contacts"
    )  # null = for everybody
    topics = ArrayField(models.CharField(max_length=20, choices=Topic), default=list)  # empty = about anything
    capacities = ArrayField(models.CharField(max_length=20, choices=Capacity), default=list)  # empty = for anybody
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    page = models.URLField(blank=True)
    # As `core.opening.Week` reads it; empty = the hours of the portal's desk.
    week = models.CharField(max_length=120, blank=True, validators=[hours_are_readable])
    closed_on = ArrayField(models.DateField(), default=list)  # besides public holidays
    place = models.IntegerField(default=50)  # in a list

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["portal", "code"], name="help_contact_once"),
            models.CheckConstraint(
                condition=~Q(phone="", email="", page=""),
                name="help_contact_can_be_reached",
                violation_error_message=_("Give a phone number, a mail address or a page."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names)

    @property
    def hours(self) -> Week | None:
        """Its own; None: those of the desk."""
        return Week.parse(self.week) if self.week else None


class Vote(models.Model):
    """Whether an article helped: one for each voter, who is told by no name. The mark is of this article alone, so
    that nobody's votes can be laid side by side."""

    portal = models.BigIntegerField(editable=False)
    article = models.CharField(max_length=60)
    voter = models.CharField(max_length=64)
    language = models.CharField(max_length=5)
    helpful = models.BooleanField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "article", "voter"], name="help_vote_one_each"),
        ]

    def __str__(self) -> str:
        return f"{self.article} {self.helpful}"


class Comment(models.Model):
    """What was missing in an article, as a reader wrote it; nobody's."""

    portal = models.BigIntegerField(editable=False)
    article = models.CharField(max_length=60)
    language = models.CharField(max_length=5)
    text = models.CharField(max_length=LONGEST_COMMENT)
    at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)
    settled_by = models.BigIntegerField(null=True)  # the account

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="help_comment_says_something"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="help_comment_settled_by_one",
            ),
        ]
        indexes = [models.Index(fields=["portal", "article", "-id"], name="help_comment_by_article")]

    def __str__(self) -> str:
        return f"{self.article} {self.pk}"
