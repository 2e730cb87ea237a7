"""What the state register was told in the demo: one insurer by a connection, with a stand-in register that has
answered, one by file. Of dealer stock each vehicle is told here, so that its clock can be seen."""

from datetime import date, timedelta

from django.db import connections

from remise.notices.models import NoticeRule, RegisterSettings
from remise.notices.rules import Manner
from remise.policies.models import Product
from remise.portals.models import Portal

OWNER = "owner"
SOURCE = "WAM, art. 13 and 13a; Besluit kennisgevingen WAM, art. 3"
WAYS = {"koetspoort": RegisterSettings.Way.HTTP}  # the others by file

# What was entered until a few days ago went an hour later, as one batch, and was answered a day later; but for one
# that was forgotten for too long.
SENT = """
with forgotten as (select n.id from notices_notice n where portal = %(portal)s and kind = 'start'
  and due_on < %(today)s and not exists (select from notices_notice o where o.item_id = n.item_id and o.id <> n.id)
  order by n.due_on desc limit 1),
chosen as (select id, written_at, row_number() over (order by id) as line from notices_notice
  where portal = %(portal)s and written_at < %(until)s and state = 'pending' and id not in (table forgotten)),
batch as (
  insert into notices_batch (portal, number, key, way, size, made_at, sent_at, reference, tries, fault, content)
  select %(portal)s, 1, gen_random_uuid(), %(way)s, count(*), min(written_at), min(written_at), 'B000001', 0, '', ''
  from chosen having count(*) > 0 returning id)
update notices_notice n set state = 'going', batch_id = batch.id, line = chosen.line, attempts = 1,
  sent_at = n.written_at + interval '1 hour' from batch, chosen where chosen.id = n.id
"""
ACCEPTED = """
update notices_notice set state = 'accepted', answered_at = sent_at + interval '1 day',
  reference = 'R' || lpad(id::text, 8, '0') where portal = %(portal)s and state = 'going'
"""
# And one that it refused.
REFUSED = """
with newest as (select n.id from notices_notice n where portal = %(portal)s and kind = 'start' and state = 'going'
  and not exists (select from notices_notice o where o.item_id = n.item_id and o.id <> n.id)
  order by n.written_at desc limit 1)
update notices_notice n set state = 'rejected', answered_at = sent_at + interval '1 day', code = 'check_code',
  words = 'Meldcode hoort niet bij dit kenteken' from newest where n.id = newest.id
"""


def rule(portal: Portal, product: Product) -> None:
    NoticeRule.objects.using(OWNER).create(
        portal=portal.id, product=product, starts=date(2020, 1, 1), source=SOURCE, manner=Manner.VEHICLE
    )


def tell(portal: Portal, today: date) -> None:
    way = WAYS.get(portal.slug, RegisterSettings.Way.FILE)
    RegisterSettings.objects.using(OWNER).create(portal=portal, way=way, insurer_code="0413", next_batch=2)
    values: dict[str, int | str | date] = {
        "portal": portal.id,
        "way": way,
        "today": today,
        "until": today - timedelta(days=3),
    }
    with connections[OWNER].cursor() as cursor:
        for statement in (SENT, REFUSED, ACCEPTED):
            cursor.execute(statement, values)
