"""When a shipment is to be posted, which go together, and which page is whose: pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from remise.core.opening import is_holiday

CARD_PAGES = 2  # the card, and the page that goes with it


@dataclass(frozen=True, slots=True)
class Waiting:
    """A shipment with cards to print. `address`: equal for equal ones, whoever asked."""

    shipment: int
    cards: int
    address: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """Of the batch's file, both included."""

    first: int
    last: int


def working_day_after(day: date, count: int) -> date:
    """So many days on which there is post from Monday to Friday, after that day."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and not is_holiday(day)
    return day


def together(waiting: Sequence[Waiting], most: int) -> list[Waiting]:
    """The first of them, as they are due, as long as their cards are no more than that; one shipment at least. In the
    order in which they are printed: those to one address one after the other."""
    chosen: list[Waiting] = []
    for one in waiting:
        if chosen and sum(each.cards for each in chosen) + one.cards > most:
            break
        chosen.append(one)
    return sorted(chosen, key=lambda one: (one.address, one.shipment))


def pages(cards: Sequence[int], *, before: int, both_sides: bool) -> list[Pages]:
    """Of each shipment with so many cards: a sheet with the address, and the cards. `before` pages come first."""
    found: list[Pages] = []
    last = _whole(before, both_sides)
    for count in cards:
        found.append(Pages(last + 1, last + _whole(1, both_sides) + count * CARD_PAGES))
        last = found[-1].last
    return found


def drawn_pages(parts: Sequence[bool], *, both_sides: bool) -> int:
    """How many pages a file has with these in it, each a card or else a sheet: what comes last is not filled up."""
    return sum(CARD_PAGES if is_card else _whole(1, both_sides) for is_card in parts) - (both_sides and not parts[-1])


def runs_of(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Numbers in a row, as first and last of each row."""
    for place, number in enumerate(numbers):
        if place == 0 or number != numbers[place - 1] + 1:
            first = number
        if place == len(numbers) - 1 or numbers[place + 1] != number + 1:
            yield first, number


def _whole(count: int, both_sides: bool) -> int:
    """With the white back of the last sheet of paper."""
    return count + count % 2 if both_sides else count
