"""One call, from key to answer: who, how often, once, and written down."""

from collections.abc import Callable
from functools import partial, wraps

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from remise.api import idempotency, limits
from remise.api.bodies import TooLarge, Unreadable, WrongType
from remise.api.problems import problem, refused
from remise.core import events
from remise.core.actor import Actor
from remise.core.cache import Count
from remise.core.errors import DomainError
from remise.core.middleware import if_rolled_back
from remise.organisations.requests import MemberRequest
from remise.organisations.tokens import authentication

type Operation = Callable[..., HttpResponseBase]

READS = frozenset({"GET", "HEAD"})
CALLED = "api.called"


def called(operation: Operation) -> Operation:
    """Around every operation. An answer below 500 is committed with the request's transaction, and so is the note."""

    def run(request: MemberRequest, **named: object) -> HttpResponseBase:
        unknown = _unknown(operation, request)
        if unknown:
            words = _("This call knows no parameter of that name.")
            return problem(422, "unknown_parameter", words, field=unknown[:60])
        return operation(request, **named)

    @wraps(operation)
    def answer(request: MemberRequest, **named: object) -> HttpResponseBase:
        try:
            by = authentication.enter(request)
        except DomainError as refusal:
            return refused(request, refusal)
        counted = limits.rate().count(by.token)
        if_rolled_back(request, by.scope, partial(_note, request, by, 500))
        found = _answered(request, counted, lambda: run(request, **named))
        _note(request, by, found.status_code)
        limits.tell(found, counted)
        return found

    return answer


def _unknown(operation: Operation, request: MemberRequest) -> str:
    """The first thing asked behind the question mark that the operation does not know: a name that was mistyped would
    otherwise show more than was asked for."""
    models = getattr(operation, "__self__").models  # noqa: B009  # a method of the library's operation
    queries = [model for model in models if model.__ninja_param_source__ == "query"]
    known = {name for model in queries for name in getattr(model, "__ninja_flatten_map__", model.model_fields)}
    return next((name for name in request.GET if name not in known), "")


def _answered(request: MemberRequest, counted: Count, run: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        limits.rate().require_left(counted)
        authentication.require_number(request)
        return run() if request.method in READS else idempotency.once(request, run)
    except Unreadable as error:
        return problem(400, error.code, str(error.message))
    except TooLarge as error:
        return problem(413, error.code, str(error.message))
    except WrongType as error:
        return problem(415, error.code, str(error.message))
    except DomainError as refusal:
        return refused(request, refusal)


def _note(request: MemberRequest, by: Actor, status: int) -> None:
    """Every call, also one that was refused: by which key, in whose name."""
    said = {"operation": request.resolver_match.url_name if request.resolver_match else "", "status": status}
    events.record(CALLED, by=by, subject=("token", by.token or 0), after=said)
