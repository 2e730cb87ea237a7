from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Policies(AppConfig):
    name = "remise.policies"

    def ready(self) -> None:
        from remise.core.registry import MenuEntry, menu
        from remise.mandates.rights import IntermediaryRight

        menu.add(
            MenuEntry(
                "policies:assign",
                _("Assign a policy"),
                "switch-horizontal",
                (IntermediaryRight.MANAGE,),
                order=62,
                namespace="policies",
            )
        )
