from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Policies(AppConfig):
    name = "remise.policies"

    def ready(self) -> None:
        from remise.core.registry import MenuEntry, menu
        from remise.desk.rights import DeskRight
        from remise.mandates.rights import IntermediaryRight

        menu.add(
            MenuEntry(
                "products:overview",
                _("Products"),
                "list-check",
                (DeskRight.VIEW,),
                order=61,
                namespace="products",
            )
        )
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
