"""A product as its file says it, kept: made, or brought up to date. Said twice it is said once."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor
from remise.core.errors import BrokenRule
from remise.core.keeping import Kept, require_keeper, settle
from remise.policies.files import ProductFile
from remise.policies.models import Product, ProductVersion
from remise.policies.rights import PolicyRight
from remise.ui.formats import day as shown_day


@transaction.atomic
def keep_product(*, by: Actor, said: ProductFile) -> Kept:
    """The product by its code, with its versions and examples. A version whose first day has come stays as it is:
    people registered by it. One that lies ahead may still change, or be left out."""
    portal = require_keeper(by, PolicyRight.KEEP)
    told = {
        "names": said.names,
        "about": said.about,
        "examples": [example.model_dump(mode="json") for example in said.example],
    }
    known = Product.objects.filter(portal=portal, code=said.code).select_for_update(no_key=True).first()
    product = known or Product.objects.create(portal_id=portal, code=said.code, **told)
    changed = settle(product, told) if known else []
    begun = clock.today(by) if known else None
    days = _keep_versions(product, said, begun)
    if known and not changed and not days:
        return Kept.SAME
    events.record(
        "product.changed" if known else "product.added",
        by=by,
        subject=("product", product.id),
        after={"code": said.code, "versions": [day.isoformat() for day in days]},
    )
    return Kept.CHANGED if known else Kept.ADDED


def _keep_versions(product: Product, said: ProductFile, today: date | None) -> list[date]:
    """The first days of those that were made, changed or left out. `today`: what began by then stays; None where the
    product is new and nobody could go by it yet."""
    held = {version.starts: version for version in ProductVersion.objects.filter(product=product)}
    kept: list[date] = []
    for version in said.version:
        stored = held.pop(version.starts, None)
        if stored is None:
            if today is not None and version.starts <= today:
                raise _stays(
                    _("A version from %(day)s on would change what people went by. Let it begin on a day to come."),
                    version.starts,
                )
            ProductVersion.objects.create(
                portal=product.portal_id, product=product, starts=version.starts, **version.stored
            )
            kept.append(version.starts)
            continue
        differs = [name for name, value in version.stored.items() if getattr(stored, name) != value]
        if differs and today is not None and stored.starts <= today:
            raise _stays(
                _(
                    "The version of %(day)s has begun and stays as it is; this file says something else of: %(what)s."
                    " Write what changes as a version from a day to come."
                ),
                stored.starts,
                what=", ".join(sorted(differs)),
            )
        if settle(stored, version.stored):
            kept.append(version.starts)
    for starts, stored in held.items():
        if today is not None and starts <= today:
            raise _stays(
                _("The version of %(day)s has begun and is missing in this file. A file says all versions."), starts
            )
        stored.delete()
        kept.append(starts)
    return kept


def _stays(message: str, day: date, **said: str) -> BrokenRule:
    return BrokenRule(message % {"day": shown_day(day), **said}, code="version_begun", field="version")
