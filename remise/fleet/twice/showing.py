"""What is shown of a vehicle covered twice: to the desk both sides, to the company that is asked its own alone."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remise.core import clock
from remise.core.actor import Actor
from remise.core.identifiers import Plate
from remise.core.models import Item
from remise.core.scope import ActorKind
from remise.desk.kinds import Fact, RuleMet
from remise.fleet.models import DoubleCover, RegistrationVersion
from remise.fleet.requests.placing import policy_asked
from remise.fleet.requests.showing import cover_facts, policy_facts, vehicle_facts
from remise.fleet.twice.data import CoveredTwice
from remise.organisations.models import Organisation
from remise.policies.cover import as_far_as, joined
from remise.policies.models import Policy
from remise.policies.rules import day_to_show, deregistering_until
from remise.policies.selectors import rules_of
from remise.portals.models import Portal
from remise.ui.formats import day as shown_day


def title(_asked: CoveredTwice) -> str:
    """The company reads it too: nothing of the other side."""
    return ""


def facts(by: Actor, organisation: int, asked: CoveredTwice) -> Sequence[Fact]:
    if by.kind is ActorKind.STAFF:
        return [*_both(by, organisation, asked), *vehicle_facts(asked.plate)]
    return [
        Fact(_("What this means"), _meaning()),
        *cover_facts(organisation, asked.policy, asked.plate),
        *vehicle_facts(asked.plate),
        *policy_facts(policy_asked(organisation, asked.policy)),
    ]


def _meaning() -> str:
    return _(
        "We want to be sure that this cover still has to run. Is the vehicle sold or handed over, deregister it with"
        " the last day that it was yours. Is it still yours, write that below."
    )


def rule_met(organisation: int, asked: CoveredTwice, on: date) -> RuleMet:
    rules = rules_of(policy_asked(organisation, asked.policy), on=on)
    limit = ngettext("%(n)s day", "%(n)s days", rules.back_date_days) % {"n": rules.back_date_days}
    words = _("Who no longer has a vehicle takes it off cover: online up to %(limit)s back.") % {"limit": limit}
    return RuleMet(words, rules.source, limit)


def _both(by: Actor, organisation: int, asked: CoveredTwice) -> Iterator[Fact]:
    cover = DoubleCover.objects.filter(portal=by.in_portal, id=asked.cover).first()
    if cover is None:
        yield Fact(_("Covered twice"), _("What was found is no longer kept: that was over long ago."))
        return
    yield Fact(_("On cover first"), _side(cover.item, cover.starts))
    if cover.other is not None:
        yield Fact(_("On cover as well"), _side(cover.other, cover.starts))
    if cover.elsewhere is not None:
        yield Fact(_("Also covered at"), Portal.objects.get(id=cover.elsewhere).name)
    if cover.other_plate:
        words = _("%(plate)s has the same chassis number.") % {"plate": Plate(cover.other_plate).formatted}
        yield Fact(_("Another plate"), words)
    yield Fact(_("Covered twice"), _days(by, cover))
    if cover.settled_at is None:
        yield Fact(_("What to do"), _advice(by, organisation, asked, cover))


def _side(item: int, day: date) -> str:
    """Who, on which policy, since when; of a row that the insurer's people may read."""
    held = Item.objects.get(id=item)
    policy = Policy.objects.select_related("product").get(id=held.policy)
    company = Organisation.objects.get(id=held.organisation).name
    parts = [company, f"{policy.product.name} {policy.number}"]
    stretch = _stretch(item, policy, day)
    if stretch is None:
        parts.append(_("not on cover any more"))
    elif stretch[1] is None:
        parts.append(_("from %(day)s") % {"day": shown_day(stretch[0])})
    else:
        said = {"day": shown_day(stretch[0]), "end": shown_day(stretch[1])}
        parts.append(_("from %(day)s, not from %(end)s on") % said)
    return ", ".join(parts)


def _stretch(item: int, policy: Policy, day: date) -> tuple[date, date | None] | None:
    """Its cover on that day, from end to end; where that is no more, the last that it had."""
    versions = RegistrationVersion.objects.filter(item=item).known().values_list("starts", "ends")
    stretches = joined(as_far_as(policy.ends, list(versions)))
    on_day = (one for one in stretches if one[0] <= day and (one[1] is None or day < one[1]))
    return next(on_day, stretches[-1] if stretches else None)


def _days(by: Actor, cover: DoubleCover) -> str:
    """The days themselves, and how many of them have been."""
    today = clock.today(by)
    been = (min(today + timedelta(days=1), cover.ends or date.max) - cover.starts).days
    if cover.ends is None:
        words = _("from %(day)s, and both go on") % {"day": shown_day(cover.starts)}
    else:
        last = cover.ends - timedelta(days=1)
        words = _("from %(day)s to %(last)s") % {"day": shown_day(cover.starts), "last": shown_day(last)}
    if been <= 0:
        return words
    count = ngettext("%(count)s day until today", "%(count)s days until today", been) % {"count": been}
    return f"{words} ({count})"


def _advice(by: Actor, organisation: int, asked: CoveredTwice, cover: DoubleCover) -> str:
    """Whom to ask what, and how long that company can do it by itself."""
    company = Organisation.objects.get(id=organisation).name
    policy = policy_asked(organisation, asked.policy)
    stretch = _stretch(cover.item, policy, cover.starts)
    if cover.elsewhere is not None or stretch is None or stretch[0] >= cover.starts:
        return _("Ask %(company)s whether the vehicle is still theirs.") % {"company": company}
    today = clock.today(by)
    rules = rules_of(policy, on=today)
    day = day_to_show(rules, cover.starts)
    until = deregistering_until(rules, day)
    left = (until - today).days
    which = _("Last day insured: %(day)s") if rules.last_day_covered else _("First day without cover: %(day)s")
    said = {"company": company, "day": shown_day(day), "until": shown_day(until), "left": left}
    if left < 0:
        online = _("Online that went until %(until)s: by now the desk does it.")
    else:
        online = ngettext(
            "Online that goes until %(until)s: %(left)s more day.",
            "Online that goes until %(until)s: %(left)s more days.",
            left,
        )
    return " ".join([_("Ask %(company)s to deregister it.") % said, f"{which % said}.", online % said])
