"""`python -m remise person export jan@garage.nl FILE.zip --portal koetspoort`, and `person erase jan@garage.nl --why
asked --portal koetspoort`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from remise.core.actor import Actor, system
from remise.core.doors import rows
from remise.core.errors import DomainError
from remise.core.scope import ActorKind, Scope, enter
from remise.portals.models import Portal
from remise.privacy.actions.closing import Hindered, Why, close_account
from remise.privacy.exporting import export
from remise.privacy.rights import COMMAND


class Command(BaseCommand):
    help = (
        "What a portal and the account hold about a person, as a ZIP file; or the closing of the account, at every"
        " insurer, as the person could do it alone. Refused while somebody has to keep the data."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        telling = verbs.add_parser("export", help="write all that is held about the person")
        telling.add_argument("address")
        telling.add_argument("file", type=Path, help="ends in .zip")
        telling.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="nl")
        erasing = verbs.add_parser("erase", help="close the account; it cannot be undone")
        erasing.add_argument("address")
        erasing.add_argument("--why", choices=[str(why) for why in Why], required=True, help="written down for good")
        for one in (telling, erasing):
            one.add_argument("--portal", required=True, metavar="NAME", help="who asks for it, such as koetspoort")

    def handle(self, *args: object, **options: Any) -> None:
        portal = _portal(options["portal"])
        by = system(portal=portal.id, name=COMMAND, clock_offset=portal.clock_offset, via="command")
        act = self._export if options["verb"] == "export" else self._erase
        try:
            with enter(by.scope):
                act(by, _account(options["address"]), portal, options)
        except Hindered as refusal:
            lines = [f"{one.portal}: {_hindrance(one.kind, one.company)}" for one in refusal.hindrances]
            raise CommandError("\n".join(["The account cannot be closed yet.", *lines])) from refusal
        except (DomainError, OSError) as problem:
            raise CommandError(str(problem)) from problem

    def _export(self, by: Actor, account: int, portal: Portal, options: dict[str, Any]) -> None:
        with translation.override(options["language"]):
            options["file"].write_bytes(export(by=by, account=account, portal=portal))
        self.stdout.write(f"Written: {options['file']}")

    def _erase(self, by: Actor, account: int, _portal: Portal, options: dict[str, Any]) -> None:
        close_account(by=by, account=account, why=Why(options["why"]))
        self.stdout.write("Closed. One last mail goes to the address, and is let go of.")


def _hindrance(kind: str, company: str) -> str:
    return "a legal hold" if kind == "held" else f"the last who can give rights at {company}"


def _portal(slug: str) -> Portal:
    with enter(Scope(ActorKind.PUBLIC)):
        found = Portal.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no portal {slug}.")
    return found


def _account(address: str) -> int:
    ((account,),) = rows("select person_known(%s)", address)
    if account is None:
        raise CommandError("Nobody with this address is known there.")
    return int(account)
