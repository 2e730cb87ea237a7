from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much there is, and how often it is timed."""

    fleet: int  # vehicles of the company whose list is asked for
    few: int  # vehicles of other companies, in the one database and in the other
    many: int
    stock: int  # vehicles of the company that registers one more
    rounds: int
    requests: int  # of each kind, a round
    items: int  # changed in bulk
    single: int  # of these, how many are changed one by one, to compare with
    register: int  # lines of the register as a file
    watched: int  # vehicles that the radar compares


FULL = Sizes(
    fleet=100_000,
    few=1_000,
    many=1_000_000,
    stock=400,
    rounds=5,
    requests=100,
    items=100_000,
    single=300,
    register=2_000_000,
    watched=20_000,
)
QUICK = Sizes(
    fleet=20_000,
    few=1_000,
    many=100_000,
    stock=400,
    rounds=3,
    requests=40,
    items=10_000,
    single=100,
    register=100_000,
    watched=4_000,
)
