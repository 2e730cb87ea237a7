"""Why somebody does not get in, by capacity: each cause with what to do, the button that does it, and what to read.
In the order in which they are tried (row 29)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from remise.core.words import Text
from remise.help.capacities import Capacity

# Drivers have no account; an owner signs in as garage holder does, or as employee.
AT_THE_DOOR = (
    Capacity.GARAGE_HOLDER,
    Capacity.CAR_SALESMAN,
    Capacity.ADVISER,
    Capacity.ACCOUNTANT,
    Capacity.EMPLOYEE,
    Capacity.DRIVER,
)
SIGNS_IN = frozenset(AT_THE_DOOR) - {Capacity.DRIVER}


@dataclass(frozen=True, slots=True)
class Cause:
    anchor: str
    title: Text
    text: Text
    capacities: frozenset[Capacity] = SIGNS_IN
    button: Text = ""
    page: str = ""  # the name of its address
    article: str = ""  # slug#anchor


CAUSES = (
    Cause(
        "no-account-needed",
        _("You need no account"),
        _(
            "Green cards and receipts come by mail from the company whose vehicle you drive. Ask that company for a "
            "card, or for a new mail."
        ),
        frozenset({Capacity.DRIVER}),
        article="green-card#on-it",
    ),
    Cause(
        "accident",
        _("You had an accident"),
        _("The green card names the insurer, the policy, and the number to call for assistance."),
        frozenset({Capacity.DRIVER}),
        article="green-card-needed#why",
    ),
    Cause(
        "deep-link",
        _("A link from your finance program stops at the sign-in page"),
        _(
            "Such a link knows no password. Sign in here first, then click the link once more. Was your password "
            "changed? Then change it in the program too, if it kept the old one."
        ),
        frozenset({Capacity.CAR_SALESMAN}),
        _("Sign in"),
        "account_login",
    ),
    Cause(
        "own-account",
        _("You use the account of the garage"),
        _("Each salesman has an account of their own. Make one, then ask your administrator for your rights."),
        frozenset({Capacity.CAR_SALESMAN}),
        _("Make an account"),
        "account_signup",
        "sharing-login#colleague",
    ),
    Cause(
        "certificate",
        _("You used to sign in with a certificate"),
        _(
            "The certificate for intermediaries ended on 7 January 2022. A certificate of your company connects "
            "programs, and lets no person in. Sign in with your e-mail address, password and code."
        ),
        frozenset({Capacity.ADVISER}),
        article="eherkenning",
    ),
    Cause(
        "number-no-name",
        _("You type your agent number"),
        _("Your number as an intermediary belongs to the office. You sign in with your own e-mail address."),
        frozenset({Capacity.ADVISER}),
        article="cannot-sign-in#old-name",
    ),
    Cause(
        "several-clients",
        _("You work for more clients"),
        _("One account is enough for all of them. Each client invites you; you choose at the top."),
        frozenset({Capacity.ACCOUNTANT}),
        article="missing-right#no-company",
    ),
    Cause(
        "first-administrator",
        _("Your company has no administrator yet"),
        _("The insurer appoints the first one. Say who it is; we make sure first that it is right."),
        frozenset({Capacity.GARAGE_HOLDER, Capacity.ADVISER}),
        _("Appoint an administrator"),
        "onboarding:home",
        "missing-right#administrator",
    ),
    Cause(
        "no-mail",
        _("No mail came to activate your account"),
        _(
            "See whether the address was spelled right: one wrong letter and the mail arrives nowhere. Look in the "
            "folder for unwanted mail. Then ask for a new mail."
        ),
        button=_("Ask for a new mail"),
        page="account_signup",
        article="invitation-expired#waiting",
    ),
    Cause(
        "old-user-name",
        _("You type an old user name"),
        _("Names and numbers of an older portal do not work here. Type your e-mail address."),
        SIGNS_IN - {Capacity.ADVISER},
        article="cannot-sign-in#old-name",
    ),
    Cause(
        "password",
        _("You have forgotten your password"),
        _("Ask for a link. It works once, for two hours, and goes to the address that you sign in with."),
        button=_("Choose a new password"),
        page="account_reset_password",
        article="cannot-sign-in#password",
    ),
    Cause(
        "app-lost",
        _("The app with your code is gone"),
        _("Type a recovery code instead. Without one, call: we make sure first that it is you."),
        article="lost-phone#with-codes",
    ),
    Cause(
        "blocked",
        _("Your account is blocked"),
        _(
            "After some wrong attempts you wait a few minutes. Did your administrator end your access? Then only "
            "your administrator can give it back."
        ),
        article="cannot-sign-in#blocked",
    ),
    Cause(
        "no-account",
        _("You have no account yet"),
        _("Make one with your own e-mail address. Your administrator then invites you to the company."),
        SIGNS_IN - {Capacity.CAR_SALESMAN, Capacity.GARAGE_HOLDER},
        _("Make an account"),
        "account_signup",
    ),
    Cause(
        "link-expired",
        _("The link in your mail has expired"),
        _("A link works once, and for three days. Ask for a new one with the same address."),
        button=_("Ask for a new mail"),
        page="account_signup",
        article="invitation-expired#account",
    ),
)


def causes_for(capacity: Capacity) -> Sequence[Cause]:
    return [cause for cause in CAUSES if capacity in cause.capacities]
