"""Who can help at each portal, a partner with a desk of its own, and what readers said of some articles."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.utils import timezone

from remise.core.actor import Actor
from remise.core.scope import ActorKind, enter
from remise.demo.people import BUSINESS_MOMENT, DemoPortal
from remise.help.actions import remark, vote
from remise.help.capacities import Capacity, Topic
from remise.help.models import CompanyPartner, Contact, Partner
from remise.organisations.models import Organisation
from remise.portals.models import Portal

OWNER = "owner"


@dataclass(frozen=True, slots=True)
class DemoContact:
    code: str
    names: Mapping[str, str]
    phone: str
    week: str = ""
    email: str = ""
    topics: tuple[Topic, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    partner: str = ""


AT_THE_DOOR = (Topic.SIGN_IN, Topic.BLOCKED)
IN_THE_TRADE = (Capacity.OWNER, Capacity.EMPLOYEE, Capacity.GARAGE_HOLDER, Capacity.CAR_SALESMAN)
RIGHTS_DESK = DemoContact(
    "rights",
    {"nl": "Rechtenbalie", "de": "Rechte-Service", "en": "Rights desk"},
    "038 000 10 20",
    "Mo-Fr 08:00-17:30; Sa 09:00-17:00",
    "rechten@koetspoort.example",
    (Topic.RIGHTS, *AT_THE_DOOR),
    IN_THE_TRADE,
)
ADVISERS = DemoContact(
    "advisers",
    {"nl": "Adviseursdesk", "de": "Maklerservice", "en": "Advisers' desk"},
    "038 000 10 30",
    "Mo-Fr 08:30-17:00",
    "adviseurs@koetspoort.example",
    (),
    (Capacity.ADVISER,),
)
CLAIMS = DemoContact(
    "claims",
    {"nl": "Schademeldlijn", "de": "Schadenhotline", "en": "Claims line"},
    "038 000 10 40",
    "24/7",
    topics=(Topic.CLAIMS,),
)
PROGRAMS = DemoContact(
    "programs",
    {"nl": "Koppelingen en techniek", "de": "Verbindungen und Technik", "en": "Connections and technology"},
    "",
    "Mo-Fr 09:00-17:00",
    "techniek@koetspoort.example",
    (Topic.PROGRAMS,),
)
FIGURES = DemoContact(
    "figures",
    {"nl": "Jaaropgave en premie", "de": "Jahresmeldung und Pr\u00e4mie", "en": "Declaration and premium"},
    "038 000 10 50",
    "Mo-Th 09:00-17:00; Fr 09:00-12:30",
    "premie@koetspoort.example",
    (Topic.DECLARATIONS, Topic.PREMIUM),
)
DEALER_LINE = DemoContact(
    "lantaarn",
    {
        "nl": "Dealerlijn Lantaarn Finance",
        "de": "H\u00e4ndlerline Lantaarn Finance",
        "en": "Lantaarn Finance dealer line",
    },
    "033 000 30 10",
    "Mo-Fr 08:15-17:30",
    "dealers@lantaarnfinance.example",
    partner="Lantaarn Finance",
)


@dataclass(frozen=True, slots=True)
class DemoHelp:
    contacts: tuple[DemoContact, ...]
    partners: Mapping[str, str] = field(default_factory=dict)  # company -> partner


def _elsewhere(contact: DemoContact) -> DemoContact:
    """The same desk at the other insurer."""
    return replace(
        contact,
        phone=contact.phone.replace("038 000 10", "030 000 20"),
        email=contact.email.replace("koetspoort", "werkbank"),
    )


HELP = {
    "koetspoort": DemoHelp(
        (RIGHTS_DESK, ADVISERS, CLAIMS, PROGRAMS, FIGURES, DEALER_LINE), {"Autohuis Van Veen": "Lantaarn Finance"}
    ),
    "werkbank": DemoHelp((_elsewhere(ADVISERS), _elsewhere(CLAIMS), _elsewhere(PROGRAMS))),
}
# Article, how many it helped, how many it did not, and what those missed.
SAID = (
    ("green-card", 14, 1, ()),
    ("register-deregister", 11, 2, ()),
    ("premium", 3, 6, ("Ik mis een voorbeeld met bedragen.", "Wat als ik halverwege het jaar begin?")),
    ("driving-risks", 4, 5, ("Telt een demo-auto ook mee?",)),
    ("lost-phone", 5, 2, ("Welk nummer bel ik als ik geen codes heb?",)),
    ("back-dating", 8, 2, ()),
)


def tell(portal: Portal, described: DemoPortal) -> None:
    told = HELP[described.slug]
    for name in dict.fromkeys(contact.partner for contact in told.contacts if contact.partner):
        Partner.objects.using(OWNER).create(portal=portal, name=name)
    for place, contact in enumerate(told.contacts):
        _contact(portal, contact, place)
    for company, name in told.partners.items():
        CompanyPartner.objects.using(OWNER).create(
            portal=portal.id,
            organisation=Organisation.objects.using(OWNER).get(portal=portal, name=company).id,
            partner=Partner.objects.using(OWNER).get(portal=portal, name=name),
        )
    _readers(portal)


def _contact(portal: Portal, contact: DemoContact, place: int) -> None:
    Contact.objects.using(OWNER).create(
        portal=portal,
        code=contact.code,
        names=dict(contact.names),
        partner=Partner.objects.using(OWNER).filter(portal=portal, name=contact.partner).first(),
        topics=[str(topic) for topic in contact.topics],
        capacities=[str(capacity) for capacity in contact.capacities],
        phone=contact.phone,
        email=contact.email,
        week=contact.week,
        place=place,
    )


def _readers(portal: Portal) -> None:
    """Visitors who never signed in."""
    by = Actor(
        kind=ActorKind.PUBLIC,
        portal=portal.id,
        by_system="door",
        clock_offset=BUSINESS_MOMENT - timezone.now() - timedelta(days=3),
    )
    with enter(by.scope):
        for article, helped, did_not, missed in SAID:
            for number in range(helped + did_not):
                reader = f"demo {article} {number}"
                vote(by=by, article=article, reader=reader, helpful=number < helped, language="nl")
            for number, text in enumerate(missed):
                remark(by=by, article=article, reader=f"demo {article} {number}", text=text, language="nl")
