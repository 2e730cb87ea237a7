"""What this room tells a person of what it keeps. It holds the account and no name: nothing is forgotten with it."""

from django.utils.translation import gettext_lazy as _

from remise.core.particulars import Section, columns, parts

RUNS = Section(
    "runs.runs",
    _("Files you sent in or had made"),
    {"company": _("Company"), "kind": _("Kind"), "file": _("File"), "began": _("When"), "state": _("State")},
    parts("own_runs")("run"),
    columns("runs_run", "account", "source_name"),
)
