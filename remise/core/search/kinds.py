"""What can be found, by kind: each room says of its own how typed text is read and how a thing is shown."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from remise.core.actor import Actor
from remise.core.identifiers import number_key
from remise.core.registry import Registry
from remise.core.rights import Right
from remise.core.search.words import LONGEST, SHORTEST, cut, words_of
from remise.core.words import Text

MOST_TRIED = 3  # words of a name


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a key must look like: it begins with `begins`, or is that where `whole` says so; and each of `others`
    begins another key of the same thing."""

    begins: str
    whole: bool = False
    names_one: bool = True  # all of it is one thing's number; a name may be many people's
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that was found, not shown yet. `exact`: by all of its number."""

    subject: int
    organisation: int
    exact: bool = False
    branch: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing as a list shows it; `url` is its page for who works for its company. The insurer's people look at the
    company's own page instead, unless this one is theirs (`of_the_insurer`)."""

    title: str
    url: str = ""
    detail: str = ""
    plate: str = ""  # drawn as a plate, in the place of the title
    of_the_insurer: bool = False


type Read = Callable[[str], Sequence[Wanted]]
type Describe = Callable[[Actor, Sequence[Found]], Mapping[int, Hit]]


@dataclass(frozen=True, slots=True)
class SearchKind:
    """`rights`: one of them opens it, where it is held. `describe` leaves out what this actor may not open, and takes
    no more queries for many than for one. With `look_up` there are no keys: the number itself leads to the thing."""

    name: str  # of its keys, and in addresses: it must stay as it is
    label: Text
    icon: str
    rights: Iterable[str]
    describe: Describe
    read: Read = dataclass_field(default=lambda _typed: ())
    look_up: Callable[[Actor, str], Sequence[Found]] | None = None
    in_branches: bool = True  # the things lie in branches, and so do the rights to them
    order: int = 50
    sight: str = ""  # what it is called where a company reads who looked (organisations.looking)


def any_number(longest: int) -> Read:
    """A number of the insurer's own making: by its beginning, however it is written."""

    def read(typed: str) -> Sequence[Wanted]:
        key = number_key(typed)
        return [Wanted(key)] if SHORTEST <= len(key) <= longest else []

    return read


def digits(longest: int) -> Read:
    """The same of one that has digits alone."""
    numbers = any_number(longest)
    return lambda typed: numbers(typed) if _is_digits(number_key(typed)) else []


def serial(length: int) -> Read:
    """A number that is counted: all of it, with or without the zeros in front."""

    def read(typed: str) -> Sequence[Wanted]:
        key = number_key(typed)
        return [Wanted(key.zfill(length), whole=True)] if _is_digits(key) and len(key) <= length else []

    return read


def names(typed: str) -> Sequence[Wanted]:
    """The words as they follow each other in a name; and, of several, all of them in whichever place: looked for from
    each of the longest, for nobody knows which is rare."""
    words = words_of(typed)
    if sum(map(len, words)) < SHORTEST:
        return []
    together = Wanted(cut(" ".join(words)), names_one=False)
    if len(words) == 1:
        return [together]
    longest = sorted({word[:LONGEST] for word in words}, key=len, reverse=True)
    return [
        together,
        *(
            Wanted(first, names_one=False, others=tuple(word for word in longest if word != first))
            for first in longest[:MOST_TRIED]
        ),
    ]


def _is_digits(key: str) -> bool:
    return key.isascii() and key.isdigit()


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """Where a company or one of its branches leads to: the first of these pages that its own people may open."""

    name: str
    right: Right
    url: Callable[[int | None], str]  # of a branch, or of the company
    order: int = 50


class PageRights:
    """Whoever may open one of these pages finds the company: a list that grows while rooms are started."""

    def __iter__(self) -> Iterator[str]:
        return iter({str(page.right) for page in company_pages})


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page that the insurer's people see of a company: what a room knows of it, line by line."""

    name: str
    label: Text
    icon: str
    lines: Callable[[Actor, int], Sequence[Hit]]
    order: int = 50


company_pages: Registry[CompanyPage] = Registry(lambda page: page.name)
search_kinds: Registry[SearchKind] = Registry(lambda kind: kind.name)
company_parts: Registry[Part] = Registry(lambda part: part.name)
