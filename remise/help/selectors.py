"""Who can help this visitor, and what readers said of the articles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from remise.core import clock
from remise.core.actor import Actor
from remise.core.opening import HOLIDAY, Openness, openness
from remise.core.scope import ActorKind
from remise.help import articles
from remise.help.articles import Article
from remise.help.capacities import Topic
from remise.help.models import Comment, CompanyPartner, Contact, Vote
from remise.help.rules import Helper, Tally, at_the_door, for_whom, worst_first
from remise.portals.desks import Desk
from remise.portals.models import Portal
from remise.ui import formats

REMARKS = 200  # on one page


@dataclass(frozen=True, slots=True)
class Shown:
    """A helper as a page shows it at this moment."""

    helper: Helper
    now: Openness
    when: str

    @property
    def hours(self) -> str:
        return formats.hours(self.helper.week)

    @property
    def about(self) -> str:
        """With what it helps; empty where it is with anything."""
        return ", ".join(str(topic.label) for topic in Topic if topic in self.helper.topics)

    @property
    def rests_on_holidays(self) -> bool:
        return not self.helper.week.days[HOLIDAY]


def helpers(portal: Portal, by: Actor, *, topic: str = "", capacity: str = "") -> list[Shown]:
    """The best first. The portal's own desk is always among them: nobody is left without. Who does not get in reads
    the number that the door tells."""
    known = [_helper(contact, portal) for contact in _contacts(portal)]
    found = for_whom([*known, desk(portal)], topic=topic, capacity=capacity, partners=_partners(by))
    first = at_the_door(known, topic, capacity=capacity) if topic == Topic.SIGN_IN else None
    if first is not None:
        found = [first, *(helper for helper in found if helper != first)]
    return [shown(helper, portal) for helper in found]


def desk_at_sign_in(portal: Portal) -> Desk | None:
    """None where the portal's own desk is all there is for it."""
    contacts = Contact.objects.filter(portal=portal, partner=None, topics__contains=[Topic.SIGN_IN])
    found = at_the_door((_helper(contact, portal) for contact in contacts), Topic.SIGN_IN)
    return Desk(found.name, found.phone, formats.hours(found.week)) if found else None


def best(portal: Portal, by: Actor, *, topic: str = "", capacity: str = "") -> Shown:
    return helpers(portal, by, topic=topic, capacity=capacity)[0]


def desk(portal: Portal) -> Helper:
    return Helper(portal.desk_name, portal.week, portal.desk_phone, portal.desk_email)


def shown(helper: Helper, portal: Portal) -> Shown:
    now = clock.now(portal)
    open_now = openness(helper.week, now, helper.closed_on)
    return Shown(helper, open_now, _when(open_now, now))


def _contacts(portal: Portal) -> Iterable[Contact]:
    return Contact.objects.filter(portal=portal).select_related("partner")


def _helper(contact: Contact, portal: Portal) -> Helper:
    return Helper(
        contact.name,
        contact.hours or portal.week,
        contact.phone,
        contact.email,
        contact.page,
        frozenset(contact.closed_on),
        frozenset(contact.topics),
        frozenset(contact.capacities),
        contact.partner_id,
        contact.partner.name if contact.partner else "",
    )


def _partners(by: Actor) -> frozenset[int]:
    """Of the company acted for."""
    if by.kind is not ActorKind.MEMBER:
        return frozenset()
    found = CompanyPartner.objects.filter(organisation=by.company).values_list("partner", flat=True)
    return frozenset(found)


def _when(open_now: Openness, now: datetime) -> str:
    """In words: until when, or from when."""
    at = open_now.changes_at
    if open_now.is_open:
        return _("Open now until %(time)s") % {"time": formats.hour(at)} if at else _("Open day and night")
    if at is None:
        return _("Closed for now")
    day, today = clock.day_of(at), clock.day_of(now)
    said = {"time": formats.hour(at)}
    match (day - today).days:
        case 0:
            return _("Closed now, opens today at %(time)s") % said
        case 1:
            return _("Closed now, opens tomorrow at %(time)s") % said
        case days if days < 7:
            return _("Closed now, opens again %(day)s %(time)s") % {**said, "day": formats.weekday(day)}
        case _far:
            return _("Closed now, opens again %(day)s, %(time)s") % {**said, "day": formats.day(day, "weekday")}


@dataclass(frozen=True, slots=True)
class Judged:
    """An article, what its readers thought of it, and what they missed."""

    article: Article
    tally: Tally
    remarks: Sequence[Comment]

    @property
    def is_silent(self) -> bool:
        return not self.tally.votes and not self.remarks


def judged(portal: Portal) -> list[Judged]:
    """Every article, the one that needs work most first."""
    counted = (
        Vote.objects.filter(portal=portal.id)
        .values("article")
        .annotate(helped=Count("id", filter=Q(helpful=True)), did_not=Count("id", filter=Q(helpful=False)))
        .values_list("article", "helped", "did_not")
    )
    votes = {article: (helped, did_not) for article, helped, did_not in counted}
    remarks: dict[str, list[Comment]] = {}
    for remark in Comment.objects.filter(portal=portal.id, settled_at__isnull=True).order_by("-id")[:REMARKS]:
        remarks.setdefault(remark.article, []).append(remark)
    known = {article.slug: article for article in articles.all_in()}
    tallies = [Tally(slug, *votes.get(slug, (0, 0)), len(remarks.get(slug, ()))) for slug in known]
    return [Judged(known[one.article], one, remarks.get(one.article, ())) for one in worst_first(tallies)]


def own_vote(portal: Portal, article: str, voter: str) -> bool | None:
    if not voter:
        return None
    return (
        Vote.objects.filter(portal=portal.id, article=article, voter=voter).values_list("helpful", flat=True).first()
    )
