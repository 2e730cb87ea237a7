from remise.core.rights import Right


class SealRight(Right):
    """What is the insurer's matter and in no catalogue: no company can give it."""

    KEEP = "documents.keep_seal"
