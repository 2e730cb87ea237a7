from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from remise.core.models import Walled
from remise.core.numbers import keyed
from remise.mandates.models import Intermediary
from remise.policies.rules import BackDate, FieldRule, Misfit, PremiumBasis, ProductRules, TradePlates, YearDay
from remise.portals.models import Portal
from remise.ui.formats import in_language


class Product(models.Model):
    """What an insurer sells in one portal. Its rules are versions, each with the day it starts and its source; it
    comes from a reviewed file (policies.files), with examples that were true of it."""

    portal = models.ForeignKey(Portal, models.PROTECT, db_column="portal")
    code = models.SlugField(max_length=40)
    names = models.JSONField()  # language -> name
    about = models.JSONField(default=dict)  # language -> whom it is for, in a sentence
    examples = models.JSONField(default=list)  # policies.files.Example

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "code"], name="policies_product_code")]

    @property
    def name(self) -> str:
        """In the reader's language."""
        return in_language(self.names)

    @property
    def for_whom(self) -> str:
        return in_language(self.about) if self.about else ""

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
    name_date = models.BooleanField(default=True)  # does the name date limit how far back cover goes?
    most_in_file = models.PositiveIntegerField(null=True)  # vehicles registered at once; null = no limit
    kinds = ArrayField(models.CharField(max_length=40), default=list)  # of the register; empty = every kind
    other_kinds = models.CharField(max_length=8, default=Misfit.REFUSED)
    trade_plates = models.CharField(max_length=5, default=TradePlates.ALSO)
    # The insurance year, and the year over which a measured premium counts, each by the day on which it begins.
    year_month = models.PositiveSmallIntegerField(default=1)
    year_day = models.PositiveSmallIntegerField(default=1)
    window_month = models.PositiveSmallIntegerField(default=11)
    window_day = models.PositiveSmallIntegerField(default=1)
    divisor = models.PositiveSmallIntegerField(null=True)  # null = the days of that year
    sections = models.JSONField(default=dict)  # of rooms above, by name: policies.sections

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "starts"], name="policies_productversion_once_a_day"),
            models.CheckConstraint(
                condition=Q(premium_basis__in=list(PremiumBasis)), name="policies_productversion_premium_basis"
            ),
            models.CheckConstraint(
                condition=Q(back_date_reading__in=list(BackDate)), name="policies_productversion_back_date_reading"
            ),
            models.CheckConstraint(
                condition=Q(other_kinds__in=list(Misfit), trade_plates__in=list(TradePlates)),
                name="policies_productversion_vehicles",
            ),
            models.CheckConstraint(
                condition=Q(most_in_file__isnull=True) | Q(most_in_file__gt=0), name="policies_productversion_in_file"
            ),
            models.CheckConstraint(
                condition=Q(divisor__isnull=True) | Q(divisor__gt=0), name="policies_productversion_divisor"
            ),
            models.CheckConstraint(  # no 29 February: it does not come back each year
                condition=Q(
                    year_month__range=(1, 12),
                    year_day__range=(1, 28),
                    window_month__range=(1, 12),
                    window_day__range=(1, 28),
                ),
                name="policies_productversion_days",
            ),
        ]

    @property
    def rules(self) -> ProductRules:
        return ProductRules(
            back_date_days=self.back_date_days,
            back_date_reading=BackDate(self.back_date_reading),
            ahead_days=self.ahead_days,
            last_day_covered=self.last_day_covered,
            premium_basis=PremiumBasis(self.premium_basis),
            fields=tuple(FieldRule.read(stored) for stored in self.fields),
            source=self.source,
            starts=self.starts,
            name_date=self.name_date,
            most_in_file=self.most_in_file,
            kinds=frozenset(self.kinds),
            other_kinds=Misfit(self.other_kinds),
            trade_plates=TradePlates(self.trade_plates),
            insurance_year=YearDay(self.year_month, self.year_day),
            window=YearDay(self.window_month, self.window_day),
            divisor=self.divisor,
            sections=self.sections,
        )

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
