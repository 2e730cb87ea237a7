from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Messages(AppConfig):
    name = "remise.messages"
    label = "remise_messages"  # Django has an app of the plain name
    verbose_name = _("Messages")

    def ready(self) -> None:
        from remise.core.events import subscribe
        from remise.messages import accepted, answers, ended, locked_out, moving

        subscribe(moving.EVENT, "messages.tell.account.moved_in", moving.tell)
        for event in answers.TOLD:
            subscribe(event, f"messages.tell.{event}", answers.tell)
        for event in locked_out.TOLD:
            subscribe(event, f"messages.tell.{event}", locked_out.tell)
        subscribe(accepted.BEGAN, f"messages.tell.{accepted.BEGAN}", accepted.tell, when=accepted.is_by_invitation)
        subscribe(ended.ENDED, f"messages.tell.{ended.ENDED}", ended.tell_ended)
        subscribe(ended.REVOKED, f"messages.tell.{ended.REVOKED}", ended.tell_revoked, when=ended.is_administering)
        from remise.core.particulars import forgetting, told, untold
        from remise.messages import leaving
        from remise.messages.rules import MAILS, SECRETS
        from remise.portals.retention import categories

        categories.add(MAILS, SECRETS)
        told.add(*leaving.SECTIONS)
        untold.add(leaving.UNTOLD)
        forgetting.add(leaving.FORGETTING)
