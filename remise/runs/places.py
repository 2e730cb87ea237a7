"""Where files of runs lie: names that cannot be guessed, in folders of their own."""

import uuid
from contextlib import suppress

from django.core.files.storage import default_storage
from django.utils.text import get_valid_filename

from remise.core.scope import Scope, enter
from remise.runs.models import Run


def fresh(name: str) -> str:
    return f"runs/{uuid.uuid4()}/{get_valid_filename(name)}"


def remove(place: str) -> None:
    """The file, and the folder that was its own. What is not there is no error."""
    default_storage.delete(place)
    with suppress(OSError):  # not empty, as when another attempt's file lies there
        default_storage.delete(place.rpartition("/")[0])


def let_go_of_sent(scope: Scope, run: int, place: str) -> None:
    """What was sent in is needed no more. The file goes first: a kill in between leaves none that no run knows of,
    and the retention does the rest."""
    remove(place)
    with enter(scope):
        Run.objects.filter(id=run, source=place).update(source="")
