from argparse import ArgumentParser
from datetime import datetime, timedelta
from getpass import getpass
from pathlib import Path
from typing import Any

from cryptography import x509
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from remise.core.actor import Actor
from remise.core.errors import DomainError
from remise.core.scope import ActorKind, Scope, enter
from remise.documents import seal_keys
from remise.documents.models import SealKey
from remise.portals.models import Portal

WARNED_BEFORE = timedelta(days=60)  # a trust service provider takes weeks to issue the next one


class Command(BaseCommand):
    help = "The keys that seal a portal's documents (docs/sealing.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        texts = {
            "new": "issue the first key, where the portal has none",
            "rotate": "issue another one and seal with it from now on",
            "list": "all keys, the one that seals first",
            "certificate": "the certificate that seals now, as PEM: for who wants to trust it",
            "import": "seal with a key that you bring",
        }
        for verb, text in texts.items():
            each = verbs.add_parser(verb, help=text)
            each.add_argument("portal", help="the portal's short name")
            if verb == "import":
                each.add_argument("key", type=Path, help="private key, PEM; you are asked for its password, if any")
                each.add_argument("certificates", type=Path, help="its certificate and then who issued it, PEM")

    def handle(self, *args: Any, verb: str, portal: str, **options: Any) -> None:
        with enter(Scope(ActorKind.SYSTEM)):
            found = Portal.objects.filter(slug=portal).first()
        if found is None:
            raise CommandError(f"There is no portal {portal}.")
        with enter(Scope(ActorKind.SYSTEM, found.id)):
            try:
                self._do(verb, found, options)
            except DomainError as refusal:
                raise CommandError(str(refusal.message)) from refusal

    def _do(self, verb: str, portal: Portal, options: dict[str, Any]) -> None:
        by = seal_keys.keeper(portal)
        match verb:
            case "new":
                if SealKey.objects.filter(portal=portal, retired_at=None).exists():
                    raise CommandError("This portal has a key: use `rotate`.")
                self._tell(seal_keys.issue_first(by=by))
            case "rotate":
                self._tell(seal_keys.rotate(by=by))
            case "import":
                self._tell(self._bring(by, options["key"], options["certificates"]))
            case "certificate":
                self.stdout.write(self._sealing(portal).certificate)
            case "list":
                for key in SealKey.objects.filter(portal=portal).order_by("-id"):
                    self._tell(key)

    def _bring(self, by: Actor, key: Path, certificates: Path) -> SealKey:
        try:
            held, shown = key.read_bytes(), certificates.read_bytes()
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        # Asked, and no argument: what stands on a command line is read by everybody on the machine.
        password = getpass("Password of the key: ").encode() if b"ENCRYPTED" in held else None
        return seal_keys.bring(by=by, key=held, certificates=shown, password=password)

    def _sealing(self, portal: Portal) -> SealKey:
        key = SealKey.objects.filter(portal=portal, retired_at=None).first()
        if key is None:
            raise CommandError("This portal has no key yet: the first document makes one, or `seal_key new`.")
        return key

    def _tell(self, key: SealKey) -> None:
        until = x509.load_pem_x509_certificate(key.certificate.encode()).not_valid_after_utc
        stands = f"retired {key.retired_at:%Y-%m-%d}" if key.retired_at else _standing(until, timezone.now())
        self.stdout.write(f"{key.fingerprint}  {key.origin:7}  valid until {until:%Y-%m-%d}  {stands}")


def _standing(until: datetime, now: datetime) -> str:
    if now >= until:
        return "EXPIRED: seals nothing, replace it"
    days = (until - now).days
    return f"seals; ENDS IN {days} DAYS, replace it" if until - now < WARNED_BEFORE else "seals"
