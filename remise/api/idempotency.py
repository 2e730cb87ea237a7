"""A write is done once, however often it is sent (docs/adr/0014).

The key is claimed first, in the transaction of the deed: who sends the same at the same moment waits at the
constraint until this transaction stands or falls. What stands has its answer beside it; what falls, also by a kill,
leaves no key, and the next one does it.
"""

import re
from collections.abc import Callable
from hashlib import sha256

from django.db import connection
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from remise.api.bodies import canonical
from remise.api.models import IdempotencyKey
from remise.api.problems import problem
from remise.core.actor import Actor
from remise.organisations.requests import MemberRequest

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
FORM = re.compile(r"[\x21-\x7e]{1,255}")
# Not kept, for nothing was done: once the right is given, or the time is over, the same call works.
FORGOTTEN = frozenset({403, 429})


def once(request: MemberRequest, run: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer to this write: by doing it, or the one that was given before."""
    by, key = request.actor, request.headers.get(HEADER, "")
    if not FORM.fullmatch(key):
        words = _("Send a header Idempotency-Key with a value of your own, another one for each thing to be done.")
        return problem(400, "idempotency_key_missing", words, field=HEADER)
    sha = _sha(request)
    if not _claim(by, key, sha):
        return _again(by, key, sha)
    answer = run()
    assert isinstance(answer, HttpResponse)
    _keep(by, key, answer)
    return answer


def _sha(request: MemberRequest) -> str:
    place = f"{request.method} {request.get_full_path()}\n".encode()
    return sha256(place + canonical(request)).hexdigest()


def _claim(by: Actor, key: str, sha: str) -> bool:
    """False where it was sent before: known once that transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into api_idempotencykey (portal, organisation, token_id, key, sent_sha, content_type, location,"
            " answer) values (%s, %s, %s, %s, %s, '', '', '') on conflict (portal, token_id, key) do nothing",
            [by.portal, by.organisation, by.token, key, sha],
        )
        is_first: bool = cursor.rowcount == 1
    return is_first


def _again(by: Actor, key: str, sha: str) -> HttpResponse:
    kept = IdempotencyKey.objects.get(portal=by.portal or 0, token=by.token, key=key)
    if kept.sent_sha != sha or kept.status is None:
        words = _("This Idempotency-Key was used for something else. Take another one.")
        return problem(422, "idempotency_key_reused", words, field=HEADER)
    answer = HttpResponse(kept.answer, status=kept.status, content_type=kept.content_type)
    if kept.location:
        answer["Location"] = kept.location
    answer[REPLAYED] = "true"
    return answer


def _keep(by: Actor, key: str, answer: HttpResponse) -> None:
    if answer.status_code >= 500:
        return  # the transaction is rolled back, the key with it
    if answer.status_code in FORGOTTEN:
        IdempotencyKey.objects.filter(portal=by.portal or 0, token=by.token, key=key).delete()
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "update api_idempotencykey set status = %s, content_type = %s, location = %s, answer = %s"
            " where portal = %s and token_id = %s and key = %s",
            [
                *(answer.status_code, answer["Content-Type"], answer.get("Location", ""), answer.content.decode()),
                *(by.portal, by.token, key),
            ],
        )
