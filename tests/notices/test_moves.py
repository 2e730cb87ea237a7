"""The table of legal moves says what the database holds."""

from contextlib import suppress
from itertools import permutations
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from remise.notices.models import Batch, Notice
from tests.notices.telling import State, telling
from tests.world import OWNER


def test_notice_goes_as_the_table_of_moves_says() -> None:
    of = telling()
    (notice,) = of.notices(of.register())
    now = timezone.now()
    batch = Batch.objects.using(OWNER).create(
        portal=notice.portal, number=1, key=uuid4(), way="http", size=1, made_at=now
    )
    notice.entry, notice.batch, notice.line, notice.sent_at, notice.answered_at = None, batch, 1, now, now
    went = {state: set[str]() for state in State}
    for place, (before, after) in enumerate(permutations(State, 2), start=2):
        notice.pk, notice.place, notice.state = None, place, before
        notice.save(using=OWNER, force_insert=True)
        with suppress(IntegrityError), transaction.atomic(using=OWNER):
            Notice.objects.using(OWNER).filter(id=notice.id).update(state=after)
            went[before].add(after)
    assert went == Notice.MOVES
