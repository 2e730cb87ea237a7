from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now


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
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=5, blank=True)
    # The password was chosen at a former portal, and came with the book of people (accounts.moving).
    old_password = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_account_email_any_case")]

    def __str__(self) -> str:
        return self.email


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
