"""What the commands of this room take alike."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from remise.core.scope import ActorKind, Scope, enter
from remise.portals.models import Portal


def add_portal(parser: ArgumentParser) -> None:
    parser.add_argument("--portal", required=True, metavar="NAME", help="whose book it is, such as koetspoort")


def portal_of(slug: str) -> Portal:
    with enter(Scope(ActorKind.PUBLIC)):
        portals = {portal.slug: portal for portal in Portal.objects.all()}
    if slug not in portals:
        raise CommandError(f"There is no portal {slug}. There are: {', '.join(sorted(portals)) or 'none'}.")
    return portals[slug]
