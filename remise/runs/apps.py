from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Runs(AppConfig):
    name = "remise.runs"
    verbose_name = _("Files and exports")

    def ready(self) -> None:
        from remise.core.feed import Followed
        from remise.core.feed import followed as feed
        from remise.core.particulars import told
        from remise.core.registry import MenuEntry, menu
        from remise.documents.kinds import kinds as documents
        from remise.portals.retention import categories
        from remise.runs import followed
        from remise.runs.documents import KIND
        from remise.runs.kinds import RIGHTS
        from remise.runs.leaving import RUNS
        from remise.runs.rules import ABANDONED, FILES, ROWS

        documents.add(KIND)
        categories.add(FILES, ROWS, ABANDONED)
        told.add(RUNS)
        feed.add(Followed("runs", followed.KINDS, RIGHTS, followed.tell, followed.RunChange))
        menu.add(
            MenuEntry(
                "runs:list",
                _("Files and exports"),
                "list-check",
                rights=RIGHTS,
                order=80,
                namespace="runs",
            )
        )
