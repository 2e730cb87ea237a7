"""Compiles the translations that changed (`python -m remise.config.catalogues`), without gettext."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def compile_changed(project: Path = PROJECT) -> list[Path]:
    """Write `django.mo` beside every newer `django.po`; return what was written."""
    places = [project / "locale", *project.glob("remise/*/locale")]
    stale = [source for place in places for source in place.glob("*/LC_MESSAGES/django.po") if _is_stale(source)]
    for source in stale:
        _compile(source)
    return [source.with_suffix(".mo") for source in stale]


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def _compile(source: Path) -> None:
    # Not at import time: nearly always there is nothing to compile, and setting up takes no time then.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    unfinished = source.with_suffix(f".{id(source)}.mo")
    with source.open("rb") as catalogue, unfinished.open("wb") as compiled:
        write_mo(compiled, read_po(catalogue, locale=source.parents[1].name))
    unfinished.replace(source.with_suffix(".mo"))


if __name__ == "__main__":
    compile_changed()
