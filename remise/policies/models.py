from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from remise.core.models import Walled
from remise.core.numbers import keyed
from remise.mandates.models import Intermediary
from remise.policies.rules import BackDate, PremiumBasis, ProductRules
from remise.portals.models import Portal
from remise.ui.formats import in_language


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
        return in_language(self.names)

    def __str__(self) -> str:
        return self.code


class ProductVersion(models.Model):
    """The rules from a day on, with their source; policies.rules says what the words mean."""

    portal = models.BigIntegerField(editable=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="versions")
    starts = models.DateField()
    source = models.CharField(max_length=200)
    fields = models.JSONField(default=list)  # policies.rules.FieldRule
    premium_basis = models.CharField(max_length=12)  # policies.rules.PremiumBasis
    back_date_days = models.PositiveSmallIntegerField()
    back_date_reading = models.CharField(max_length=16)  # policies.rules.BackDate
    ahead_days = models.PositiveSmallIntegerField()
    # True: the date given at deregistering is the last day covered; False: the first day without cover.
    last_day_covered = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "starts"], name="policies_productversion_once_a_day"),
            models.CheckConstraint(
                condition=Q(premium_basis__in=list(PremiumBasis)), name="policies_productversion_premium_basis"
            ),
            models.CheckConstraint(
                condition=Q(back_date_reading__in=list(BackDate)), name="policies_productversion_back_date_reading"
            ),
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
    number_key = keyed("number")
    starts = models.DateField()
    ends = models.DateField(null=True)
    # Who looks after it now, and is shown to the customer; null = the insurer itself.
    agent = models.ForeignKey(Intermediary, models.DO_NOTHING, db_constraint=False, null=True, related_name="+")

    objects = PolicyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "number_key"],
                name="policies_policy_number",
                violation_error_message=_("There is a policy with this number already."),
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="policies_policy_ends_after_start",
                violation_error_message=_("A policy ends after the day it starts."),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "number"], name="policies_policy_by_company")]

    @cached_property
    def rules_read(self) -> dict[date, ProductRules]:
        """Filled by `selectors.rules_of`."""
        return {}

    def __str__(self) -> str:
        return self.number
