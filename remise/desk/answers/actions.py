"""Writing, changing and retiring templates. A template is never changed in place: what was in use on a day can be
told, and what was sent from it stands in the request."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from remise.core import clock, events
from remise.core.actor import Actor, can
from remise.core.errors import BrokenRule, Forbidden, NotVisible
from remise.core.scope import ActorKind
from remise.desk.answers import rules
from remise.desk.kinds import kinds
from remise.desk.models import AnswerTemplate
from remise.desk.rights import DeskRight
from remise.portals.languages import spoken
from remise.portals.models import Portal

SUBJECT = "answer_template"  # of its events
LONGEST = 2000  # as long as what is sent may be


@transaction.atomic
def write_template(
    *, by: Actor, use: str, kind: str, language: str, title: str, text: str, replaces: int | None = None
) -> AnswerTemplate:
    """A new one, or the next wording of `replaces`. Of two who change the same at once one does."""
    require(by)
    assert by.account is not None
    title, text = title.strip(), text.strip()
    _check(by, use, kind, language, title, text)
    before = None if replaces is None else _retired(by, replaces)
    template = AnswerTemplate(
        portal=by.in_portal,
        use=use,
        kind=kind,
        language=language,
        title=title,
        text=text,
        made_by=by.account,
        made_at=clock.now(by),
        replaces=before,
    )
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        if "desk_answertemplate_title" not in str(error):
            raise
        message = _("There is a template with this title already.")
        raise BrokenRule(message, code="title_taken", field="title") from error
    _record("template.changed" if before else "template.written", by, template)
    return template


@transaction.atomic
def retire_template(*, by: Actor, template: int) -> AnswerTemplate:
    """It is offered no more. Answers that began with it have their own words."""
    require(by)
    found = _retired(by, template)
    _record("template.retired", by, found)
    return found


def require(by: Actor) -> None:
    if by.kind is not ActorKind.STAFF:
        raise NotVisible(_("There is no such page."))
    decision = can(by, DeskRight.WRITE_TEMPLATES)
    if not decision:
        raise Forbidden(decision)


def _check(by: Actor, use: str, kind: str, language: str, title: str, text: str) -> None:
    if use not in AnswerTemplate.Use.values:
        raise BrokenRule(_("Choose what it is for."), code="missing", field="use")
    if kind and kind not in kinds:
        raise BrokenRule(_("There is no such kind of request."), code="kind_unknown", field="kind")
    if language not in spoken(Portal.objects.get(id=by.in_portal)):
        raise BrokenRule(_("This portal does not speak this language."), code="language_unknown", field="language")
    if not title:
        raise BrokenRule(_("Give it a title: colleagues choose by it."), code="missing", field="title")
    if not text:
        raise BrokenRule(_("Write the text."), code="missing", field="text")
    rules.require_known(text)


def _retired(by: Actor, number: int) -> AnswerTemplate:
    found = AnswerTemplate.objects.select_for_update(no_key=True).filter(id=number, portal=by.in_portal).first()
    if found is None:
        raise NotVisible(_("There is no such template."))
    if not found.is_in_use:
        message = _("Somebody changed or retired this template meanwhile. Look at the list.")
        raise BrokenRule(message, code="template_retired")
    found.retired_by, found.retired_at = by.account, clock.now(by)
    found.save(update_fields=["retired_by", "retired_at"])
    return found


def _record(kind: str, by: Actor, template: AnswerTemplate) -> None:
    before = None if template.replaces_id is None else {"template": template.replaces_id}
    events.record(kind, by=by, organisation=by.organisation, subject=(SUBJECT, template.id), before=before)
