"""What went wrong in the background of one portal: a mail to an address with a typing mistake, and a document that
was not drawn. Both can be repaired on the page of who looks after it."""

import json
from datetime import timedelta
from uuid import UUID

from django.db import connections
from django.utils import timezone

from remise.documents.models import Document
from remise.documents.tasks import draw
from remise.messages.models import Mail
from remise.portals.models import Portal

OWNER = "owner"
# As a worker leaves it that tried in vain.
GIVE_UP = """
with job as (
  insert into procrastinate_jobs (queue_name, task_name, args, status, attempts, fault)
  values ('quick', %s, %s::jsonb, 'failed', 12,
    '{"error": "DamagedFileError", "place": "remise.documents.blobs:58"}') returning id),
happened as (
  select id, 'started' as type, now() - n * interval '5 minutes' as at from job, generate_series(4, 15) n
  union all select id, 'failed', now() - interval '20 minutes' from job)
insert into procrastinate_events (job_id, type, at)
select id, type::procrastinate_job_event_type, at from happened
"""


def tell(portal: Portal) -> None:
    now = timezone.now()
    Mail.objects.using(OWNER).create(
        portal=portal.id,
        reference=UUID(int=portal.id),
        kind="account",
        sender=f"{portal.name} <portal@{portal.slug}.example>",
        recipient="inkoop@garagedebrugg.example",
        language="nl",
        subject=f"Een account bij {portal.name}",
        text="Iemand vroeg met dit adres een account aan. Was jij dat niet, dan hoef je niets te doen.",
        secret=False,
        state=Mail.State.REFUSED,
        attempts=1,
        fault="refused",
        written_at=now - timedelta(minutes=42),
        settled_at=now - timedelta(minutes=41),
    )
    document = Document.objects.using(OWNER).filter(portal=portal.id).order_by("id").first()
    if document is not None:
        with connections[OWNER].cursor() as cursor:
            cursor.execute(GIVE_UP, [draw.name, json.dumps({"portal": portal.id, "document": document.id})])
