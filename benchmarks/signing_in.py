"""Signing in, in this process and so on one core: the password and the code, each by its form from request to answer;
and whether a stranger can tell a known address from an unknown one by the time that the answer takes.

`signin.neutral` asks for known and unknown addresses in turns, each from a place of its own and never the same
address twice, so that no count interferes. The value is the ratio of the medians; the rank test (Mann and Whitney,
normal approximation) says how likely a difference as large as the one seen is by chance: `ratio` is that likelihood.
Above 0.05 nothing can be told by this many attempts.
"""

import itertools
from collections.abc import Iterator
from math import erf, sqrt
from statistics import median

from argon2 import PasswordHasher
from django.test import Client
from django.urls import reverse

from benchmarks.figures import Benchmark, Figure, check, in_turns, seconds
from benchmarks.stage import Stage, World
from remise.accounts.hashers import Argon2
from remise.accounts.models import Account
from tests import world
from tests.accounts.visiting import PASSWORD, code_of

BARE = "the bare argon2 hash, one core"
PUBLISHED = "15 sign-ins/s per vCPU, as a peer publishes"
PEER = 15.0

_places = itertools.count(1)


def browser(made: World) -> Client:
    """From a place of its own: attempts are counted by place."""
    number = next(_places)
    place = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return Client(HTTP_HOST=f"{made.common.portal.slug}.localhost", REMOTE_ADDR=place)


def give_password(client: Client, email: str, password: str = PASSWORD) -> int:
    return client.post(reverse("account_login"), {"login": email, "password": password}).status_code


def accounts(number: int) -> Iterator[Account]:
    """With an app each; hashed once, for making them is not what is timed."""
    first = world.account(password=PASSWORD, coupled=True)
    yield first
    for _ in range(number - 1):
        one = world.account(coupled=True)
        Account.objects.using(world.OWNER).filter(pk=one.pk).update(password=first.password)
        yield one


def passwords(stage: Stage) -> Iterator[Figure]:
    made = stage.empty
    made.use()
    times = stage.sizes.requests
    turns = iter(list(accounts(times * stage.sizes.rounds + 5)))
    for _ in range(5):
        check(give_password(browser(made), next(turns).email) == 302, "the right password goes on to the code")
    bare = PasswordHasher(Argon2.time_cost, Argon2.memory_cost, Argon2.parallelism)
    kept = bare.hash(PASSWORD)
    ours, floor = in_turns(
        lambda: give_password(browser(made), next(turns).email),
        lambda: bare.verify(kept, PASSWORD),
        rounds=stage.sizes.rounds,
        times=times,
    )
    yield Figure("signin.password", ours.rate, "passwords/s per core", BARE, ours.rate / floor.rate, ours.n)


def codes(stage: Stage) -> Iterator[Figure]:
    made = stage.empty
    made.use()
    waiting = []
    for account in accounts(stage.sizes.rounds * stage.sizes.requests):
        client = browser(made)
        give_password(client, account.email)
        waiting.append(client)
    turns = iter(waiting)

    def give() -> None:
        answer = next(turns).post(reverse("mfa_authenticate"), {"code": code_of()})
        check(answer.status_code == 302, "the right code opens")

    (ours,) = in_turns(give, rounds=stage.sizes.rounds, times=stage.sizes.requests)
    yield Figure("signin.totp", ours.rate, "codes/s per core", PUBLISHED, ours.rate / PEER, ours.n)


def neutral(stage: Stage) -> Iterator[Figure]:
    made = stage.empty
    made.use()
    number = stage.sizes.rounds * stage.sizes.requests
    known = [account.email for account in accounts(number)]
    unknown = [f"nobody-{world.unique()}@example.test" for _ in known]

    def timed(email: str) -> float:
        client = browser(made)
        return seconds(lambda: give_password(client, email, "een heel ander wachtwoord"))

    for _ in range(5):
        timed(f"warm-{world.unique()}@example.test")
    ones: list[float] = []
    others: list[float] = []
    for turn, (one, other) in enumerate(zip(known, unknown, strict=True)):
        # Which comes first changes: what the process does now and then must not always fall to the same one.
        for email, times in ((one, ones), (other, others))[:: 1 if turn % 2 else -1]:
            times.append(timed(email))
    chance = by_chance(ones, others)
    yield Figure(
        "signin.neutral", median(ones) / median(others), "known/unknown", "likelihood by chance", chance, number
    )


def by_chance(ones: list[float], others: list[float]) -> float:
    """Of a difference in rank as large as this, were there none (two-sided)."""
    ranked = sorted([(value, True) for value in ones] + [(value, False) for value in others])
    total = sum(rank for rank, (_value, is_one) in enumerate(ranked, 1) if is_one)
    n, m = len(ones), len(others)
    middle, spread = n * (n + m + 1) / 2, sqrt(n * m * (n + m + 1) / 12)
    return 1 - erf(abs(total - middle) / spread / sqrt(2))


ALL = (
    Benchmark(("signin.password",), passwords),
    Benchmark(("signin.totp",), codes),
    Benchmark(("signin.neutral",), neutral),
)
