"""Every text of the interface in every language, with the same placeholders (`python -m tests.translations`).

Reads the sources anew: a text is also missed when nobody ran `makemessages` since it was written.
"""

import contextlib
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import polib
from django.conf import settings
from django.core.management import call_command

PROJECT = Path(__file__).resolve().parents[1]
# %(name)s and %s of gettext, {name} of str.format.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
DOMAINS = ("django", "djangojs")
ALIAS = re.compile(r"gettext\w* as (?!_\b)\w+")


def texts_in_use(domain: str) -> polib.POFile:
    """What `makemessages` finds in code and templates, run elsewhere so that no catalogue changes."""
    with tempfile.TemporaryDirectory() as copy, contextlib.chdir(copy):
        Path("remise").symlink_to(PROJECT / "remise")
        Path("locale").mkdir()
        settings.LOCALE_PATHS = [str(Path(copy).resolve() / "locale")]
        with contextlib.redirect_stdout(io.StringIO()):
            call_command(
                "makemessages", locale=["nl"], domain=domain, symlinks=True, keep_pot=True, verbosity=0,
                ignore_patterns=["*/vendor/*"],
            )  # fmt: skip
        template = Path("locale", f"{domain}.pot")
        return polib.pofile(template.read_text()) if template.exists() else polib.POFile()


def unseen() -> Iterator[str]:
    """Where `makemessages` looks past a text, because its function goes by a name that it does not know."""
    for file in sorted((PROJECT / "remise").glob("**/*.py")):
        if ALIAS.search(file.read_text()):
            yield f"{file.relative_to(PROJECT)}: gettext goes by its own name, or by _"


def problems(used: polib.POFile, translated: polib.POFile) -> Iterator[str]:
    """What is missing, doubtful or has other placeholders."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in translated if not entry.obsolete}
    for entry in used:
        found = known.get((entry.msgctxt, entry.msgid))
        if found is None or not found.translated():
            state = "doubtful (fuzzy)" if found and found.fuzzy else "missing"
            yield f"{state}: {entry.msgid!r} {_where(entry)}"
            continue
        allowed = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        for text in found.msgstr_plural.values() if entry.msgid_plural else [found.msgstr]:
            placeholders = set(PLACEHOLDER.findall(text))
            # A singular may do without the number.
            if placeholders != allowed and not (entry.msgid_plural and placeholders < allowed):
                yield f"other placeholders than {sorted(allowed)}: {text!r} {_where(entry)}"


def _where(entry: polib.POEntry) -> str:
    return "(" + ", ".join(place for place, _ in entry.occurrences[:2]) + ")"


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "remise.config.settings")
    django.setup()
    catalogues, bad = [Path(path) for path in settings.LOCALE_PATHS], 0
    for problem in unseen():
        bad += 1
        sys.stdout.write(f"{problem}\n")
    for domain in DOMAINS:
        used = texts_in_use(domain)
        for language in (code for code, _ in settings.LANGUAGES if code != "en"):
            source = catalogues[0] / language / "LC_MESSAGES" / f"{domain}.po"
            translated = polib.pofile(source.read_text()) if source.exists() else polib.POFile()
            for problem in problems(used, translated):
                bad += 1
                sys.stdout.write(f"{language}: {problem}\n")
    sys.stdout.write(f"{bad} texts are not in order\n" if bad else "Every text is there in every language\n")
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
