"""How a name is written to be found: without capitals, accents and what stands between, from each of its words on.

"J.P. van der Bérg-Smit" is found by "jp berg smit", "berg smit" and "smit", and by any beginning of these. The
database writes the same (`IN_SQL`); a property test holds the two together.
"""

import re
import unicodedata
from functools import lru_cache

from remise.core.identifiers.text import BETWEEN

LONGEST = 60  # of a key: more of a name tells nobody apart
LONGEST_NAME = 160  # of a whole name
MOST_WORDS = 8
SHORTEST = 2  # of what is typed

# What stands within a word: "O'Brien", "B.V.".
_WITHIN = "".join(map(chr, (0x27, 0x2E, 0x60, 0xB4, 0x2B9, 0x2BC, 0x2018, 0x2019)))
_ACCENTS = r"\u0300-\u036f"
# Letters that are no letter with an accent to Unicode.
_SPELLED = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_PLAIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t"}


def _smaller() -> dict[str, str]:
    """Capitals of the alphabets of Europe, and letters with a stroke, one for one. A list, and not what a library
    calls a capital: a collation of the database would call it otherwise."""
    latin, greek, cyrillic = (
        [*range(0x41, 0x5B), *range(0xC0, 0x180), 0x1E9E],
        range(0x391, 0x3AA),
        range(0x400, 0x530),
    )
    letters = map(chr, [*latin, *greek, *cyrillic])
    small = {letter: letter.lower() for letter in letters if len(letter.lower()) == 1 and letter.lower() != letter}
    return {letter: _PLAIN.get(one, one) for letter, one in (small | {one: one for one in _PLAIN}).items()}


_SMALLER = _smaller()
_APART = re.compile(f"[{BETWEEN}]+")
_MARKS = re.compile(f"[{_ACCENTS}]")
_JOINED = str.maketrans("", "", _WITHIN)
_TRANSLATED = str.maketrans(_SMALLER | dict.fromkeys(_WITHIN, ""))

# What stands in front of a surname; people type it, or do not.
INFIXES = frozenset(
    (
        *("van", "von", "vom", "de", "der", "den", "des", "het", "te", "ter", "ten", "op", "in", "aan", "bij"),
        *("t", "d", "s", "v", "vd", "vh", "la", "le", "les", "du", "di", "da", "do", "dos", "zu", "zum", "zur"),
    )
)


def words_of(text: str) -> list[str]:
    """Its words as they are compared. Infixes are left out, unless there is nothing else."""
    words = _every_word(text)
    return [word for word in words if word not in INFIXES] or words


@lru_cache(maxsize=4_096)  # a file names the same few again and again
def name_key(name: str) -> str:
    """By which two spellings are one name: its words, infixes too, for De Jong is not Jong."""
    return (" ".join(_every_word(name)) or name)[:LONGEST_NAME].rstrip(" ")


def _every_word(text: str) -> list[str]:
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_JOINED))).translate(_TRANSLATED)
    for letter, spelled in _SPELLED.items():
        plain = plain.replace(letter, spelled)
    return [word for word in _APART.split(plain) if word]


def keys_of(name: str) -> list[str]:
    """What a name is found by: the name from each of its words on."""
    words = words_of(name)[:MOST_WORDS]
    return [cut(" ".join(words[place:])) for place in range(len(words))]


def cut(key: str) -> str:
    return key[:LONGEST].rstrip(" ")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _spelled_in_sql(inner: str) -> str:
    for letter, spelled in _SPELLED.items():
        inner = f"replace({inner}, '{letter}', '{spelled}')"
    return inner


# `search_words`, `search_keys` and `name_key` say the same of a name in the database.
_MADE_PLAIN = _spelled_in_sql(
    f"translate(regexp_replace(normalize(translate(said, {_quoted(_WITHIN)}, ''), nfkd), '[{_ACCENTS}]', '', 'g'),"
    f" {_quoted(''.join(_SMALLER) + _WITHIN)}, {_quoted(''.join(_SMALLER.values()))})"
)
IN_SQL = f"""
create function search_words(said text) returns text[] language sql immutable strict parallel safe as $$
  select case when cardinality(w.telling) > 0 then w.telling else w.every end
  from (select x.every, array(select word from unnest(x.every) with ordinality u (word, place)
                              where word <> all('{{{",".join(sorted(INFIXES))}}}'::text[]) order by place) as telling
        from (select array_remove(regexp_split_to_array({_MADE_PLAIN}, '[{BETWEEN}]+'), '') as every) x) w
$$;
create function search_keys(said text) returns setof text language sql immutable strict parallel safe as $$
  select distinct rtrim(left(array_to_string(w.words[place:{MOST_WORDS}], ' '), {LONGEST}))
  from (select search_words(said) as words) w
  cross join generate_series(1, least(cardinality(w.words), {MOST_WORDS})) place
$$;
create function name_key(said text) returns text language sql immutable strict parallel safe as $$
  select rtrim(left(coalesce(nullif(array_to_string(array_remove(
    regexp_split_to_array({_MADE_PLAIN}, '[{BETWEEN}]+'), ''), ' '), ''), said), {LONGEST_NAME}))
$$;
"""  # noqa: S608
IN_SQL_UNDONE = "drop function name_key(text); drop function search_keys(text); drop function search_words(text)"
