from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from remise.accounts.models import Account
from remise.core.models import Walled
from remise.core.numbers import keyed


class Application(models.Model):
    """What a stranger asks of an insurer who may not know the company yet. Of the portal and of no company: a number
    that was typed identifies nobody (docs/adr/0022). Who sends one reads none. It is emptied some time after its
    end."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration", _("Company without an account")
        CONTACT = "contact", _("Please contact me")
        OFFICE = "office", _("Administrator of an intermediary's office")
        GARAGE = "garage", _("Administrator of a garage")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        CLOSED = "closed", _("Closed")

    class Gender(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        OTHER = "other", _("Otherwise or not said")

    SUBJECT: ClassVar = "application"  # of its events
    # Of these kinds somebody is appointed; the other two are answered otherwise.
    APPOINTS = (Kind.OFFICE, Kind.GARAGE)
    PARTICULARS: ClassVar[tuple[str, ...]] = (
        *("company_name", "kvk", "policy_number", "intermediary_number"),
        *("surname", "given_name", "initials", "infix", "gender", "email", "phone", "message", "answer"),
    )

    portal = models.BigIntegerField(editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    reference = models.CharField(max_length=9)
    language = models.CharField(max_length=5)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # Particulars, as they were typed; emptied in time.
    company_name = models.CharField(max_length=120, blank=True)
    kvk = models.CharField(max_length=8, blank=True)
    policy_number = models.CharField(max_length=20, blank=True)
    intermediary_number = models.CharField(max_length=20, blank=True)
    surname = models.CharField(max_length=80, blank=True)
    given_name = models.CharField(max_length=80, blank=True)
    initials = models.CharField(max_length=20, blank=True)
    infix = models.CharField(max_length=20, blank=True)
    gender = models.CharField(max_length=6, blank=True, choices=Gender)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    message = models.TextField(blank=True)
    # What became of it.
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    verified = ArrayField(models.TextField(), default=list)  # rules.Verified
    answer = models.TextField(blank=True)  # the reason, or what was said; emptied in time
    company = models.BigIntegerField(null=True)  # made, or matched by who decided
    invitation = models.BigIntegerField(null=True)
    assignee = models.BigIntegerField(null=True)  # the desk's account that has it, then the one that decided
    decided_by = models.BigIntegerField(null=True)  # the account
    decided_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portal", "reference"], name="onboarding_application_once"),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None)
                | Q(~Q(state="open"), decided_by__isnull=False, decided_at__isnull=False),
                name="onboarding_application_decided_by_one",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(assignee=models.F("decided_by")),
                name="onboarding_application_taken_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(company__isnull=False, invitation__isnull=False),
                name="onboarding_application_approved_for_a_company",
            ),
        ]
        indexes = [
            models.Index(
                fields=["portal", "due_at", "id"], condition=Q(state="open"), name="onboarding_application_open"
            ),
            models.Index(fields=["portal", "-id"], name="onboarding_application_newest"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def person(self) -> str:
        return " ".join(part for part in (self.given_name, self.infix, self.surname) if part)

    def __str__(self) -> str:
        return self.reference


class LinkState(models.TextChoices):
    OPEN = "open", _("Asked")
    APPROVED = "approved", _("Linked")
    DECLINED = "declined", _("Not linked")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")  # by who asked


class LinkRequest(models.Model):
    """Somebody with an account asks to work for a company. This is the asker's side, and says nothing of whether the
    number that was typed is anybody's."""

    class By(models.TextChoices):
        KVK = "kvk", _("KvK number")
        POLICY = "policy", _("Policy number")

    portal = models.BigIntegerField(editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    by = models.CharField(max_length=6, choices=By)
    number = models.CharField(max_length=20, blank=True)  # as long as it is open
    number_key = keyed("number")
    name = models.CharField(max_length=160, blank=True)  # as who answers reads it; the same
    had_account = models.BooleanField(default=False)  # one with a mailbox that is gone
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    looked_up_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=LinkState, default=LinkState.OPEN)
    company_name = models.CharField(max_length=120, blank=True)  # once linked
    answer = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "portal", "by", "number_key"],
                condition=Q(state="open"),
                name="onboarding_linkrequest_once",
            ),
            # What was typed is needed no longer than it is open.
            models.CheckConstraint(
                condition=Q(~Q(name=""), state="open", decided_at=None)
                | Q(~Q(state="open"), decided_at__isnull=False, number="", name=""),
                name="onboarding_linkrequest_decided",
            ),
        ]
        indexes = [
            models.Index(
                fields=["portal", "expires_at"], condition=Q(state="open"), name="onboarding_linkrequest_open"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class LinkCase(Walled):
    """The company's side: who asks to work here, as the insurer knows it of the account. There is one only where the
    number was a company's."""

    SUBJECT: ClassVar = "link"  # of its events

    requests = ArrayField(models.BigIntegerField())  # of the asker, by KvK number and by policy number
    account = models.BigIntegerField()
    name = models.CharField(max_length=160, blank=True)  # emptied, as the address, some time after it is over
    email = models.CharField(max_length=254, blank=True)
    had_account = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # of the insurer's desk; null = the company answers
    state = models.CharField(max_length=9, choices=LinkState, default=LinkState.OPEN)
    verified = ArrayField(models.TextField(), default=list)  # by the desk: rules.Verified
    answer = models.CharField(max_length=300, blank=True)
    assignee = models.BigIntegerField(null=True)  # as of an application; nobody's where the company answers
    decided_by = models.BigIntegerField(null=True)  # the account
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "account"], condition=Q(state="open"), name="onboarding_linkcase_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None)
                | Q(state__in=["approved", "declined"], decided_by__isnull=False, decided_at__isnull=False)
                | Q(state__in=["expired", "withdrawn"], decided_by=None, decided_at__isnull=False),
                name="onboarding_linkcase_decided",
            ),
            models.CheckConstraint(
                condition=Q(assignee=None)
                | Q(state="open", due_at__isnull=False)
                | Q(state__in=["approved", "declined"], due_at__isnull=False, assignee=models.F("decided_by")),
                name="onboarding_linkcase_taken_by_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["portal", "due_at"],
                condition=Q(state="open", due_at__isnull=False),
                name="onboarding_linkcase_at_desk",
            ),
            models.Index(fields=["account"], name="onboarding_linkcase_of_account"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == LinkState.OPEN

    def __str__(self) -> str:
        return str(self.pk)
