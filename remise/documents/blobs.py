"""Files by what is in them: the key is the SHA-256 of the content, so that two equal files are one, and reading tells
whether a file is still what it was."""

import hashlib
import os
import uuid
from datetime import datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.utils import timezone

ROOT = "documents"
LOCK = 1_146_308_949  # of the files, among the database's advisory locks


class DamagedFileError(Exception):
    """What is stored under this key is not what was stored, or is not there at all: restore it from a backup."""


def key(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def store(content: bytes) -> str:
    """The key; when it returns, the file is whole and lasts."""
    place = _place(key(content))
    if isinstance(default_storage, FileSystemStorage):
        _store_on_disk(Path(default_storage.path(place)), content)
    elif not default_storage.exists(place):
        stored = default_storage.save(place, ContentFile(content))
        if stored != place:  # somebody stored the same at this moment, and the storage made room for both
            default_storage.delete(stored)
    return key(content)


def fetch(sha256: str) -> bytes:
    """Raises DamagedFileError."""
    try:
        with default_storage.open(_place(sha256)) as file:
            content: bytes = file.read()
    except FileNotFoundError as error:
        raise DamagedFileError(f"{sha256} is not there") from error
    if key(content) != sha256:
        raise DamagedFileError(f"{sha256} is not what was stored")
    return content


def hold(sha256: str) -> None:
    """Until this transaction ends nobody else stores or removes a file of this name."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, sha256])


def folders() -> list[str]:
    return default_storage.listdir(ROOT)[0] if default_storage.exists(ROOT) else []


def names(folder: str) -> list[str]:
    """Keys, and names of what a kill left half written."""
    return default_storage.listdir(f"{ROOT}/{folder}")[1]


def exists(name: str) -> bool:
    return default_storage.exists(_place(name))


def stored_at(name: str) -> datetime:
    """One that went away meanwhile is as good as new."""
    try:
        return default_storage.get_modified_time(_place(name))
    except FileNotFoundError:
        return timezone.now()


def remove(name: str) -> None:
    default_storage.delete(_place(name))


def _place(sha256: str) -> str:
    return f"{ROOT}/{sha256[:2]}/{sha256}"


def _store_on_disk(file: Path, content: bytes) -> None:
    """Django writes a file in place: a kill would leave half of it under the key of the whole. Under another name
    first, on the disk, then renamed; what was there under this name was the same, or damaged."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{uuid.uuid4()}")
    try:
        with beside.open("xb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
