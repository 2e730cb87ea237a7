from remise.core.rights import Right


class PolicyRight(Right):
    """What is the insurer's matter and in no catalogue: no company can give it."""

    KEEP = "policies.keep"
