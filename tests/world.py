"""The same known people in every test: a garage with an owner and an employee, made as the owner of the tables, in
a portal of its own."""

import itertools
import os
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from remise.accounts.adapters import MFAAdapter
from remise.accounts.models import Account, Person
from remise.book.importing import keeper
from remise.core.actor import Actor, Assurance
from remise.core.scope import ActorKind, enter
from remise.organisations.models import Branch, Grant, Membership, Organisation
from remise.policies.files import LIBRARY, read_file
from remise.policies.keeping import keep_product
from remise.policies.models import Policy, Product, ProductVersion
from remise.policies.rules import BackDate, PremiumBasis
from remise.portals.models import Portal, PortalHost

_numbers = itertools.count(1)
OWNER = "owner"  # the database alias, not the person
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of an authenticator app that is coupled by set-up


def unique() -> str:
    """Different in every process and call, so that tests that commit never meet."""
    return f"{os.getpid()}-{next(_numbers)}"


def number() -> int:
    """Counts up in this process."""
    return next(_numbers)


@dataclass(slots=True)
class Garage:
    portal: Portal
    organisation: Organisation
    branch: Branch
    policy: Policy

    def actor(self, *rights: str, branch: int | None = None) -> Actor:
        """A member with these rights in every branch, or in one; without an account row behind it."""
        return Actor(
            kind=ActorKind.MEMBER,
            portal=self.portal.id,
            account=-self.organisation.id,
            clock_offset=self.portal.clock_offset,
            organisation=self.organisation.id,
            grants=frozenset((right, branch) for right in rights),
            assurance=Assurance.TWO_FACTORS,
        )


def portal(*, offset: timedelta = timedelta(0), slug: str = "") -> Portal:
    slug = slug or f"p{unique()}"
    made = Portal.objects.using(OWNER).create(
        slug=slug,
        name="Koetspoort",
        insurer="Koetspoort Verzekeringen N.V.",
        languages=["nl", "de", "en"],
        brand="#0b5d5b",
        brand_ink="#083f3e",
        brand_soft="#e6f1f0",
        logo="ui/logos/koetspoort.svg",
        desk_name="Service & Acceptatie",
        desk_phone="038 000 00 00",
        desk_email="acceptatie@koetspoort.example",
        desk_week="Mo-Fr 08:00-17:30",
        clock_offset=offset,
    )
    PortalHost.objects.using(OWNER).create(host=f"{slug}.localhost", portal=made)
    return made


def in_english(at: Portal) -> Portal:
    """Whoever chose no language is written to in the portal's first."""
    at.languages = ["en", "nl", "de"]
    at.save(using=OWNER)
    return at


def organisation(at: Portal, *, name: str = "Garage De Brug") -> Organisation:
    return Organisation.objects.using(OWNER).create(
        portal=at, kind=Organisation.Kind.COMPANY, kvk=f"{next(_numbers):08d}", name=name
    )


def insurer(at: Portal, *, name: str = "") -> Organisation:
    """The insurer itself: who works there is staff of the portal."""
    return Organisation.objects.using(OWNER).create(
        portal=at, kind=Organisation.Kind.INSURER, name=name or at.insurer
    )


def branch(of: Organisation, *, name: str = "Zwolle", establishment_number: str | None = None) -> Branch:
    return Branch.objects.using(OWNER).create(
        portal=of.portal_id,
        organisation=of.id,
        name=name,
        establishment_number=establishment_number,
        relation_number=unique(),
    )


def product(
    at: Portal,
    *,
    code: str = "dealer-stock",
    reading: str = BackDate.FROM_TODAY,
    fields: list[dict[str, object]] | None = None,
    starts: date = date(2020, 1, 1),
    back_date_days: int = 28,
    last_day_covered: bool = True,
    **rules: object,
) -> Product:
    made = Product.objects.using(OWNER).create(
        portal=at, code=code, names={"nl": "Handelsvoorraad", "de": "Handelsbestand", "en": "Dealer stock"}
    )
    version(
        made,
        starts=starts,
        fields=fields or [],
        back_date_days=back_date_days,
        back_date_reading=reading,
        last_day_covered=last_day_covered,
        **rules,
    )
    return made


def version(of: Product, *, starts: date, **rules: object) -> ProductVersion:
    """The rules from a day on: those of a dealer's stock, where nothing else is said."""
    usual: dict[str, Any] = {
        "source": "Product sheet dealer stock 2020-01",
        "premium_basis": PremiumBasis.MEASURED,
        "back_date_days": 28,
        "back_date_reading": BackDate.FROM_TODAY,
        "ahead_days": 31,
        "last_day_covered": True,
    }
    return ProductVersion.objects.using(OWNER).create(portal=of.portal_id, product=of, starts=starts, **usual | rules)


def sold(at: Portal, code: str) -> Product:
    """A product of the house's library, taken in from its file."""
    by = keeper(at, via="test")
    with enter(by.scope):
        keep_product(by=by, said=read_file(LIBRARY / f"{code}.toml"))
    return Product.objects.using(OWNER).get(portal=at, code=code)


def policy(of: Organisation, sold: Product, *, number: str = "") -> Policy:
    return Policy.objects.using(OWNER).create(
        portal=of.portal_id,
        organisation=of.id,
        product=sold,
        number=number or f"40.{unique()}",
        starts=date(2020, 1, 1),
    )


def garage(*, at: Portal | None = None, offset: timedelta = timedelta(0), **rules: object) -> Garage:
    at = at or portal(offset=offset)
    company = organisation(at)
    sold = Product.objects.using(OWNER).filter(portal=at).first() or product(at, **rules)  # type: ignore[arg-type]
    return Garage(at, company, branch(company), policy(company, sold))


def member(
    of: Organisation,
    *,
    rights: list[str],
    email: str = "",
    name: str = "Sanne de Wit",
    password: str | None = None,
    coupled: bool = False,
) -> Membership:
    """Works here, with a confirmed address; `coupled` gives an authenticator app with `SECRET`."""
    made = account(email=email, password=password, coupled=coupled)
    given, _, surname = name.partition(" ")
    Person.objects.using(OWNER).create(account=made, given_name=given, surname=surname)
    return membership(of, made, rights=rights, name=name)


def account(
    *, email: str = "", password: str | None = None, confirmed: bool = True, coupled: bool = False
) -> Account:
    made = Account(email=email or f"person-{unique()}@example.test")
    made.set_password(password)
    made.save(using=OWNER)
    EmailAddress.objects.using(OWNER).create(user=made, email=made.email, primary=True, verified=confirmed)
    if coupled:
        data = {"secret": MFAAdapter().encrypt(SECRET)}
        Authenticator.objects.using(OWNER).create(user=made, type=Authenticator.Type.TOTP, data=data)
    return made


def membership(of: Organisation, account: Account, *, rights: list[str], name: str) -> Membership:
    """This account works here too."""
    made = Membership.objects.using(OWNER).create(
        portal=of.portal_id, organisation=of.id, account=account, display_name=name
    )
    for right in rights:
        give(made, right)
    return made


def give(to: Membership, right: str, *, branch: Branch | None = None) -> None:
    """By the insurer, in the whole company or in one branch."""
    Grant.objects.using(OWNER).create(
        portal=to.portal,
        organisation=to.organisation,
        membership=to,
        right=right,
        branch=branch,
        by_system="insurer",
    )


def was_apart(who: Membership) -> None:
    """Administered apart once: a second membership stays behind (docs/adr/0024)."""
    Membership.objects.using(OWNER).create(
        portal=who.portal,
        organisation=who.organisation,
        account=who.account,
        display_name=who.display_name,
        as_administrator=True,
        state=Membership.State.ENDED,
    )


def take_away(of: Membership, right: str) -> None:
    """As an administrator's change a moment ago, without one."""
    Grant.objects.using(OWNER).filter(membership=of, right=right).delete()
