from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Lower, Now

from remise.core.identifiers import AccountNumber


class NewNumber(Func):
    """A number that no account has yet: made by the database, which makes accounts in more than one way."""

    function = "new_account_number"
    output_field = models.CharField(max_length=8)


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        account = self.model(email=email.strip().lower(), **fields)
        account.set_password(password)
        account.save()
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email=(username or "").lower())


class Account(AbstractBaseUser):
    """A person's means to prove who they are. Global: one person, however many companies and insurers."""

    email = models.EmailField(unique=True)
    number = models.CharField(max_length=8, unique=True, editable=False, db_default=NewNumber())
    # What was said of browsers and links before it was raised is void: known devices, a new address.
    trust = models.PositiveIntegerField(db_default=0)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=5, blank=True)
    # The password was chosen at a former portal, and came with the book of people (accounts.moving).
    old_password = models.BooleanField(default=False, db_default=False)
    # The portal on whose word alone the address counts as proven: it brought the password, which opens nothing else.
    vouched_by = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_account_email_any_case"),
            models.CheckConstraint(condition=Q(number__regex="^[1-9][0-9]{7}$"), name="accounts_account_number"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def shown_number(self) -> str:
        return AccountNumber(self.number).formatted


class Person(models.Model):
    """A person's particulars, in the one row that erasure empties."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True)
    given_name = models.CharField(max_length=80, blank=True)
    infix = models.CharField(max_length=20, blank=True)
    surname = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return " ".join(part for part in (self.given_name, self.infix, self.surname) if part)

    @classmethod
    def name_of(cls, account: int) -> str:
        return str(cls.objects.filter(account=account).first() or "")


class Moved(models.Model):
    """Who had an account at an insurer's former portal: told once how to come in here. Rows are added and stay."""

    portal = models.BigIntegerField(editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    brings_password = models.BooleanField()
    moved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "account"], name="accounts_moved_once")]

    def __str__(self) -> str:
        return str(self.account_id)


class Block(models.Model):
    """Too many wrong passwords: browsers that never signed in with this account do not get in, until it is lifted."""

    class How(models.TextChoices):
        """What lifted it."""

        ADMINISTRATOR = "administrator"
        DESK = "desk"
        RESET = "reset"  # whoever holds the mailbox chose another password

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.BigIntegerField(null=True)  # the account
    how = models.CharField(max_length=13, choices=How, blank=True)
    verified = models.CharField(max_length=12, blank=True)  # by the desk: how it knew whom it helped

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(lifted_at=None), name="accounts_block_once"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, how="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(how=""),
                name="accounts_block_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class LostPhone(models.Model):
    """Somebody with the right password has neither the app nor a recovery code. Who knows the person confirms it, a
    wait begins in which every mailbox can stop it, and then the app is uncoupled. Moments are real time."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    at_portal = models.BigIntegerField(editable=False)  # where it was asked: its wait holds
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.BigIntegerField(null=True)  # the account
    verified = models.CharField(max_length=12, blank=True)  # as in `Block`
    due_at = models.DateTimeField(null=True)  # from then on the app is uncoupled
    stopped_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    OPEN = Q(stopped_at=None, done_at=None)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(stopped_at=None, done_at=None),
                name="accounts_lostphone_once",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, due_at=None, done_at=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, due_at__isnull=False),
                name="accounts_lostphone_waits_once_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class OpenSession(models.Model):
    """A session as its owner sees it: on which device, since when, last used when. The session itself is found by the
    same key; where that is gone, this one is over."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    key = models.CharField(max_length=40, unique=True)  # as stored: nobody's session by itself
    at_portal = models.BigIntegerField(null=True, editable=False)
    device = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=32, blank=True)  # a keyed fingerprint of the network
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # the hour

    def __str__(self) -> str:
        return self.device
