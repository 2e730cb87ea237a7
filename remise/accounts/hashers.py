from django.contrib.auth.hashers import Argon2PasswordHasher, get_hashers, identify_hasher


class Argon2(Argon2PasswordHasher):
    """Argon2id at the OWASP minimum (Password Storage Cheat Sheet: 19 MiB, two passes, one lane)."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


def spend_on_others(password: str, stored: str) -> None:
    """While people move in with passwords of another kind, each attempt costs one of every kind, whosesoever it is:
    else the time would tell who has moved. `stored` is what was compared already."""
    try:
        done = identify_hasher(stored).algorithm
    except ValueError:  # nobody's, or none that fits anything: ours was spent
        done = Argon2.algorithm
    for hasher in get_hashers():
        if hasher.algorithm != done:
            hasher.encode(password, hasher.salt())
