"""Who can be tried in the demo: companies, people and what each may do. All of it made up."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from remise.core.clock import AMSTERDAM
from remise.desk.rights import DeskRight
from remise.fleet.rights import ComparingRight, FleetRight, UnderwritingRight
from remise.green_cards.posting.rights import PostingRight
from remise.help.rights import HelpRight
from remise.mandates.rights import ClientRight, IntermediaryRight, MandateRight
from remise.notices.rights import NoticeRight
from remise.operations.rights import OperationsRight
from remise.organisations.rights import AccessRight, ConnectionRight, IntakeRight, LetInRight, OrganisationRight
from remise.privacy.rights import PrivacyRight
from remise.search.rights import LookUpRight

# The business day around which the world is built: a Wednesday morning, nine days before the declaration's deadline.
BUSINESS_MOMENT = datetime(2026, 10, 21, 9, 40, tzinfo=AMSTERDAM)
BUSINESS_DAY: date = BUSINESS_MOMENT.date()
PASSWORD = "een-garage-in-zwolle"  # noqa: S105  # of the demo's people, who exist in the demo only
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105

UNDERWRITER_RIGHTS = (
    *DeskRight,
    *UnderwritingRight,
    *ComparingRight,
    *IntakeRight,
    *NoticeRight,
    *PostingRight,
    *LookUpRight,
)
OWNER_RIGHTS = (*OrganisationRight, *ConnectionRight, *MandateRight, *FleetRight)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    email: str
    given_name: str
    infix: str
    surname: str
    rights: tuple[str, ...]
    story: dict[str, str]  # what can be tried as this person, per language
    branch: str | None = None  # rights in this branch only

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.given_name, self.infix, self.surname) if part)


@dataclass(frozen=True, slots=True)
class DemoCompany:
    name: str
    kvk: str
    branches: tuple[tuple[str, str | None], ...]  # name, establishment number
    policy_number: str
    product: str
    vehicles: int
    people: tuple[DemoPerson, ...]
    stay: int = 190  # days, on average
    besides: tuple[tuple[str, str], ...] = ()  # policies without vehicles yet: number, product


@dataclass(frozen=True, slots=True)
class DemoOffice:
    """An accountant's or broker's office; `clients` gave it a mandate, `assigned` are policies that are its own."""

    name: str
    kvk: str
    people: tuple[DemoPerson, ...]
    purpose: str = ""
    clients: tuple[str, ...] = ()  # names of companies
    assigned: tuple[str, ...] = ()  # policy numbers
    number: str = ""  # as an intermediary
    tier: str = ""


@dataclass(frozen=True, slots=True)
class DemoPortal:
    slug: str
    name: str
    insurer: str
    brand: str
    logo: str
    languages: tuple[str, ...]
    desk_phone: str
    desk: tuple[DemoPerson, ...]  # who works for the insurer itself
    products: tuple[str, ...]  # of the house's library
    companies: tuple[DemoCompany, ...] = field(default=())
    reset_asks_number: bool = False
    offices: tuple[DemoOffice, ...] = field(default=())


SANNE = DemoPerson(
    "sanne@garagedebrug.example",
    "Sanne",
    "de",
    "Wit",
    OWNER_RIGHTS,
    {
        "en": "Owner. Registers a car, sees the stock on any day, decides who may do what.",
        "nl": "Eigenaar. Meldt een auto aan, ziet de voorraad op elke dag en bepaalt wie wat mag.",
        "de": "Inhaberin. Meldet ein Auto an, sieht den Bestand an jedem Tag und bestimmt, wer was darf.",
    },
)
BRAM = DemoPerson(
    "bram@garagedebrug.example",
    "Bram",
    "",
    "Jansen",
    (FleetRight.VIEW, FleetRight.REGISTER),
    {
        "en": "Salesman. May register, may not deregister: see how a refusal explains itself.",
        "nl": "Verkoper. Mag aanmelden, niet afmelden: zie hoe een weigering zichzelf uitlegt.",
        "de": "Verkäufer. Darf anmelden, aber nicht abmelden: So erklärt sich eine Ablehnung selbst.",
    },
)
FATIMA = DemoPerson(
    "fatima@garagedebrug.example",
    "Fatima",
    "el",
    "Amrani",
    (FleetRight.VIEW, FleetRight.DEREGISTER),
    {
        "en": "Administration, in the Meppel branch only.",
        "nl": "Administratie, alleen in de vestiging Meppel.",
        "de": "Verwaltung, nur in der Niederlassung Meppel.",
    },
    branch="Meppel",
)
OTTO = DemoPerson(
    "otto@garagedebrug.example",
    "Otto",
    "",
    "Visser",
    (),
    {
        "en": "New employee without any right yet.",
        "nl": "Nieuwe medewerker, nog zonder rechten.",
        "de": "Neuer Mitarbeiter, noch ohne Rechte.",
    },
)
KARIN = DemoPerson(
    "karin@autohuisvanveen.example",
    "Karin",
    "van",
    "Veen",
    OWNER_RIGHTS,
    {
        "en": "Another dealer of the same insurer: sees nothing of De Brug.",
        "nl": "Een andere dealer van dezelfde verzekeraar: ziet niets van De Brug.",
        "de": "Ein anderer Händler desselben Versicherers: sieht nichts von De Brug.",
    },
)
NOOR = DemoPerson(
    "noor@garagenieuwland.example",
    "Noor",
    "",
    "Bakker",
    OWNER_RIGHTS,
    {
        "en": "Has just started: an empty stock.",
        "nl": "Net begonnen: een lege voorraad.",
        "de": "Gerade erst angefangen: ein leerer Bestand.",
    },
)
PIETER = DemoPerson(
    "pieter@installatiedegroot.example",
    "Pieter",
    "de",
    "Groot",
    OWNER_RIGHTS,
    {
        "en": "Fitter with twelve vans: cover, lessee and driver per vehicle.",
        "nl": "Installateur met twaalf bussen: dekking, lessee en bestuurder per voertuig.",
        "de": "Installateur mit zwölf Transportern: Deckung, Leasingnehmer und Fahrer je Fahrzeug.",
    },
)

MIRJAM = DemoPerson(
    "mirjam@koetspoort.example",
    "Mirjam",
    "",
    "Postma",
    (
        OrganisationRight.MANAGE_USERS,
        *(*UNDERWRITER_RIGHTS, *HelpRight, *AccessRight, *LetInRight, *IntermediaryRight, *PrivacyRight),
    ),
    {
        "en": "Underwriter at the insurer's desk: decides what customers cannot do online.",
        "nl": "Acceptant bij de verzekeraar: beslist over wat klanten niet online kunnen.",
        "de": "Sachbearbeiterin beim Versicherer: entscheidet, was Kunden nicht online erledigen können.",
    },
)
DAAN = DemoPerson(
    "daan@koetspoort.example",
    "Daan",
    "",
    "Hoekstra",
    (DeskRight.VIEW, DeskRight.DECIDE, *OperationsRight, HelpRight.VIEW),
    {
        "en": "Works at the insurer's desk: answers customers, lifts no limits. Sends mails again that came back.",
        "nl": "Werkt bij de verzekeraar: antwoordt klanten, heft geen grens op. Stuurt mail die terugkwam opnieuw.",
        "de": "Beim Versicherer: antwortet Kunden, hebt keine Grenze auf. Sendet Mails erneut, die zurückkamen.",
    },
)
JOLANDA = DemoPerson(
    "jolanda@werkbank.example",
    "Jolanda",
    "",
    "Meijer",
    (OrganisationRight.MANAGE_USERS, *UNDERWRITER_RIGHTS, *HelpRight, *PrivacyRight),
    {
        "en": "Underwriter at the other insurer: her own customers and no others.",
        "nl": "Acceptant bij de andere verzekeraar: alleen haar eigen klanten.",
        "de": "Sachbearbeiterin beim anderen Versicherer: nur ihre eigenen Kunden.",
    },
)
TOM = DemoPerson(
    "tom@werkbank.example",
    "Tom",
    "van der",
    "Laan",
    (DeskRight.VIEW, *LookUpRight),
    {
        "en": "Has just begun at this desk: may look, not decide.",
        "nl": "Net begonnen aan dit bureau: mag kijken, niet beslissen.",
        "de": "Hat hier gerade angefangen: darf schauen, nicht entscheiden.",
    },
)

HANNA = DemoPerson(
    "hanna@kantoorvisser.example",
    "Hanna",
    "",
    "Visser",
    (OrganisationRight.MANAGE_USERS, *ClientRight),
    {
        "en": "Accountant with three clients: one page for all of them, and each as far as its mandate allows.",
        "nl": "Accountant met drie klanten: één pagina voor allemaal, en elk zover de machtiging gaat.",
        "de": "Steuerberaterin mit drei Mandanten: eine Seite für alle, und jeder so weit seine Vollmacht reicht.",
    },
)
RUBEN = DemoPerson(
    "ruben@hetbaken.example",
    "Ruben",
    "",
    "Mulder",
    (OrganisationRight.MANAGE_USERS, *ClientRight),
    {
        "en": "Broker in the tier Gold: sees the customers whose policies are his.",
        "nl": "Tussenpersoon in de klasse Goud: ziet de klanten van wie hij de polis beheert.",
        "de": "Vermittler in der Stufe Gold: sieht die Kunden, deren Policen er betreut.",
    },
)
LISA = DemoPerson(
    "lisa@adviesklein.example",
    "Lisa",
    "",
    "Klein",
    (OrganisationRight.MANAGE_USERS, *ClientRight),
    {
        "en": "Broker in the tier Silver: reads what the tiers open, and sees no customer here.",
        "nl": "Tussenpersoon in de klasse Zilver: leest wat de klassen openen en ziet hier geen klant.",
        "de": "Vermittlerin in der Stufe Silber: liest, was die Stufen öffnen, und sieht hier keinen Kunden.",
    },
)

SANNE_ELSEWHERE = replace(
    SANNE,
    story={
        "en": "The same person and company at another insurer: neither insurer sees the other.",
        "nl": "Dezelfde persoon en hetzelfde bedrijf bij een andere verzekeraar: die twee zien niets van elkaar.",
        "de": "Dieselbe Person und Firma bei einem anderen Versicherer: Keiner sieht den anderen.",
    },
)

ROOS = DemoPerson(
    "roos@leaserijnland.example",
    "Roos",
    "",
    "Brouwer",
    OWNER_RIGHTS,
    {
        "en": "Lessor: lessee, driver and contract with each car; green cards come by themselves.",
        "nl": "Leasemaatschappij: lessee, bestuurder en contract bij elke auto; groene kaarten komen vanzelf.",
        "de": "Leasinggesellschaft: Leasingnehmer, Fahrer und Vertrag je Auto; Grüne Karten kommen von selbst.",
    },
)
MEHMET = DemoPerson(
    "mehmet@huurgemak.example",
    "Mehmet",
    "",
    "Kaya",
    OWNER_RIGHTS,
    {
        "en": "Rental company: seats and rent abroad with each car; cards come by post.",
        "nl": "Verhuurbedrijf: zitplaatsen en verhuur naar het buitenland per auto; kaarten komen per post.",
        "de": "Autovermietung: Sitzplätze und Vermietung ins Ausland je Auto; Karten kommen per Post.",
    },
)
INGRID = DemoPerson(
    "ingrid@rijschoolvos.example",
    "Ingrid",
    "",
    "Vos",
    OWNER_RIGHTS,
    {
        "en": "Driving school with a handful of cars.",
        "nl": "Rijschool met een handvol auto's.",
        "de": "Fahrschule mit einer Handvoll Autos.",
    },
)

PORTALS = (
    DemoPortal(
        slug="koetspoort",
        name="Koetspoort",
        insurer="Koetspoort Verzekeringen N.V.",
        brand="#0b5d5b",
        logo="ui/logos/koetspoort.svg",
        languages=("nl", "de", "en"),
        desk_phone="038 000 10 10",
        desk=(MIRJAM, DAAN),
        products=(
            *("dealer-stock", "two-wheelers", "campers", "old-timers", "trucks", "work-machines", "trade-plates"),
            *("lease", "rental", "driving-school", "private"),
        ),
        companies=(
            DemoCompany(
                "Garage De Brug",
                "68750110",
                (("Zwolle", None), ("Meppel", "000037178598")),
                "40.2231",
                "dealer-stock",
                400,
                (SANNE, BRAM, FATIMA, OTTO),
                besides=(("40.2232", "trade-plates"), ("40.2233", "old-timers")),
            ),
            DemoCompany(
                "Autohuis Van Veen", "69599084", (("Kampen", None),), "40.2307", "dealer-stock", 60, (KARIN, SANNE)
            ),
            DemoCompany("Garage Nieuwland", "90004760", (("Ommen", None),), "40.2419", "dealer-stock", 0, (NOOR,)),
            DemoCompany(
                "Lease Rijnland", "69599092", (("Deventer", None),), "40.3001", "lease", 160, (ROOS,), stay=1400
            ),
            DemoCompany(
                "Huurgemak", "69599106", (("Apeldoorn", None),), "40.3002", "rental", 24, (MEHMET,), stay=500
            ),
            DemoCompany(
                "Rijschool Vos",
                "69599114",
                (("Raalte", None),),
                "40.3003",
                "driving-school",
                6,
                (INGRID,),
                stay=900,
                besides=(("40.3004", "private"),),
            ),
        ),
        offices=(
            DemoOffice(
                "Administratiekantoor Visser",
                "51230011",
                (HANNA,),
                "De administratie",
                ("Garage De Brug", "Autohuis Van Veen", "Garage Nieuwland"),
            ),
            DemoOffice(
                "Assurantiekantoor Het Baken",
                "51230020",
                (RUBEN,),
                assigned=("40.2307",),
                number="T-1042",
                tier="gold",
            ),
            DemoOffice(
                "Adviesbureau Klein", "51230038", (LISA,), assigned=("40.2419",), number="T-2077", tier="silver"
            ),
        ),
    ),
    DemoPortal(
        slug="werkbank",
        name="Werkbank",
        insurer="Werkbank Schade N.V.",
        brand="#2f4a9a",
        logo="ui/logos/werkbank.svg",
        languages=("nl", "en", "de"),
        desk_phone="030 000 20 20",
        desk=(JOLANDA, TOM),
        reset_asks_number=True,
        products=("fleet",),
        companies=(
            DemoCompany(
                "Installatiebedrijf De Groot", "69599076", (("Utrecht", None),), "W-118-204", "fleet", 12, (PIETER,)
            ),
            # The same KvK number at two insurers is two customers, and neither insurer sees the other's.
            DemoCompany(
                "Garage De Brug", "68750110", (("Zwolle", None),), "W-120-551", "fleet", 3, (SANNE_ELSEWHERE,)
            ),
        ),
    ),
)
