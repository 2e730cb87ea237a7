"""The stock as a file: at once while it is small, as a run when it is large."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import BinaryIO

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from remise.core.identifiers import Plate
from remise.core.spreadsheet import Cell, write_csv, write_xlsx
from remise.fleet import selectors
from remise.fleet.rights import FleetRight
from remise.fleet.selectors import Versions
from remise.organisations.access import require
from remise.organisations.models import Branch, Party
from remise.organisations.requests import MemberRequest
from remise.policies import rules as product_rules
from remise.policies.rules import ProductRules
from remise.policies.selectors import in_language, rules_of

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
AT_ONCE = 5_000


@require_GET
def export(request: MemberRequest) -> HttpResponse:
    from remise.fleet import views

    by = request.actor
    require(request, FleetRight.VIEW)
    chosen = views.chosen_policies(request)
    kind = request.GET.get("format", "csv")
    if chosen is None or kind not in CONTENT_TYPES:
        return HttpResponse(status=404)
    policy = chosen[1]
    query = views.stock_query(request, by)
    versions = selectors.stock(by, policy, query)
    file = BytesIO()
    write_stock(file, kind, versions, rules_of(policy, on=query.day))
    answer = HttpResponse(file.getvalue(), content_type=CONTENT_TYPES[kind])
    name = f"{policy.number}-{query.day.isoformat()}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def write_stock(file: BinaryIO, kind: str, versions: Versions, rules: ProductRules) -> None:
    """The rows that the list shows, in order of plate, with the product's own fields behind them."""
    header = [
        _("Plate"),
        _("Make"),
        _("Model"),
        _("Branch"),
        _("Insured from"),
        _("Insured until"),
        _("Catalogue value"),
        _("Source"),
        _("As of"),
        *(in_language(field.labels) for field in rules.fields),
    ]
    rows = _rows(versions.order_by("plate"), rules)
    if kind == "csv":
        write_csv(file, header, rows)
    else:
        write_xlsx(file, header, rows, sheet=_("Vehicles"))


def _rows(versions: Versions, rules: ProductRules) -> Iterator[list[Cell]]:
    branches = dict(Branch.objects.values_list("id", "name"))
    parties = dict(Party.objects.values_list("id", "name")) if rules.fields else {}
    for row in versions.iterator(chunk_size=2000):
        yield [
            Plate(row.plate).formatted,
            row.make,
            row.model,
            branches.get(row.branch or 0, ""),
            row.starts,
            product_rules.day_to_show(rules, row.ends) if row.ends else None,
            row.value,
            row.value_source,
            row.value_date,
            *(_detail(getattr(row, field.name), parties, field.kind) for field in rules.fields),
        ]


def _detail(value: str | int | date | None, parties: dict[int, str], kind: str) -> Cell:
    return parties.get(value, "") if isinstance(value, int) and kind == "party" else value
