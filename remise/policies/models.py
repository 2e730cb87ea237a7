from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from remise.core.models import Walled
from remise.portals.models import Portal


class Product(models.Model):
    """What an insurer sells in one portal. Its rules are versions, each with the day it starts and its source."""

    portal = models.ForeignKey(Portal, models.PROTECT, db_column="portal")
    code = models.SlugField(max_length=40)
    names = models.JSONField()  # language -> name

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "code"], name="policies_product_code")]

    @property
    def name(self) -> str:
        """In the reader's language."""
        language = (get_language() or "").partition("-")[0]
        return str(self.names.get(language) or next(iter(self.names.values())))

    def __str__(self) -> str:
        return self.code


class ProductVersion(models.Model):
    class BackDate(models.TextChoices):
        FROM_TODAY = "from_today", _("So many days back from today, not before the vehicle is in your name")
        FROM_NAME_DATE = "from_name_date", _("Within so many days after the vehicle came in your name")

    class PremiumBasis(models.TextChoices):
        MEASURED = "measured", _("Measured over the year")
        PER_VEHICLE = "per_vehicle", _("Per vehicle, at once")

    portal = models.BigIntegerField(editable=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="versions")
    starts = models.DateField()
    source = models.CharField(max_length=200)
    fields = models.JSONField(default=list)  # policies.rules.FieldRule
    premium_basis = models.CharField(max_length=12, choices=PremiumBasis)
    back_date_days = models.PositiveSmallIntegerField()
    back_date_reading = models.CharField(max_length=16, choices=BackDate)
    ahead_days = models.PositiveSmallIntegerField()
    # True: the date given at deregistering is the last day covered; False: the first day without cover.
    last_day_covered = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "starts"], name="policies_productversion_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.starts}"


class PolicyQuerySet(models.QuerySet["Policy"]):
    def in_force(self, *, on: date) -> "PolicyQuerySet":
        return self.filter(Q(ends__isnull=True) | Q(ends__gt=on), starts__lte=on)


class Policy(Walled):
    """One product for one company, under a number."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    starts = models.DateField()
    ends = models.DateField(null=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "number"], name="policies_policy_number")]
        indexes = [models.Index(fields=["organisation", "number"], name="policies_policy_by_company")]

    def __str__(self) -> str:
        return self.number
