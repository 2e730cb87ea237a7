from typing import Any

from django.core.management.base import BaseCommand

from remise.demo import world
from remise.portals.models import Portal


class Command(BaseCommand):
    help = "Builds the demo world where it is not there yet, and sets its clock to its business moment."

    def handle(self, *args: Any, **options: Any) -> None:
        if Portal.objects.using(world.OWNER).exists():
            world.set_clock()
            return
        self.stdout.write("Telling two years of history …")
        world.build()
