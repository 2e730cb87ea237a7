"""A worker killed again and again while it draws the files of print batches: each shipment is in one batch, and each
batch has one whole file."""

import random
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from remise.documents.models import PrintFile
from remise.green_cards.models import BatchShipment, CardSettings, PrintBatch
from tests import jobs, world
from tests.green_cards.cards import HOME, held, issue
from tests.green_cards.posting.office import file, lines, made
from tests.world import OWNER, Garage

pytestmark = pytest.mark.full

SHIPMENTS, TOGETHER, KILLS = 32, 8, 3


def drawn(garage: Garage) -> list[int]:
    """The batches that have their file."""
    found = PrintFile.objects.using(OWNER).filter(portal=garage.portal.id)
    return list(found.values_list("subject", flat=True))


@pytest.mark.usefixtures("nothing_waits")
def test_worker_killed_while_it_draws_leaves_one_whole_file_of_each_batch(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    garage = world.garage()
    CardSettings.objects.using(OWNER).update_or_create(portal=garage.portal, defaults={"batch_cards": TOGETHER})
    shipments = [issue(garage, held(garage), format="paper", address=HOME) for _ in range(SHIPMENTS)]
    for _batch in range(SHIPMENTS // TOGETHER):
        made(garage)
    batches = list(PrintBatch.objects.using(OWNER).filter(portal=garage.portal.id).order_by("number"))
    chance, struck = random.Random(137), 0
    for _kill in range(KILLS):
        half = PrintBatch.objects.using(OWNER).filter(portal=garage.portal.id).exclude(id__in=drawn(garage))
        half.update(drawn=0)
        with jobs.worker(MEDIA_ROOT=str(tmp_path)) as worker:
            jobs.eventually(lambda: half.filter(drawn__gt=0).exists(), seconds=60)
            time.sleep(chance.random() * 0.2)
            worker.kill()
        struck += half.filter(drawn__gt=0).exclude(id__in=drawn(garage)).exists()
    assert struck > 0  # while it drew, at least once
    with jobs.worker(MEDIA_ROOT=str(tmp_path)):
        jobs.eventually(lambda: len(drawn(garage)) == len(batches), seconds=120)
    taken = BatchShipment.objects.using(OWNER).filter(portal=garage.portal.id).values_list("shipment", flat=True)
    assert sorted(taken) == sorted(one.id for one in shipments)
    for batch in batches:
        assert len(file(garage, batch).pages) == lines(batch)[-1].last_page
