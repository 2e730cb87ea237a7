"""Where files of runs lie: names that cannot be guessed, in folders of their own."""

import uuid
from contextlib import suppress

from django.core.files.storage import default_storage
from django.utils.text import get_valid_filename


def fresh(name: str) -> str:
    return f"runs/{uuid.uuid4()}/{get_valid_filename(name)}"


def remove(place: str) -> None:
    """The file, and the folder that was its own. What is not there is no error."""
    default_storage.delete(place)
    with suppress(OSError):  # not empty, as when another attempt's file lies there
        default_storage.delete(place.rpartition("/")[0])
