"""What the register said later is a request of the desk too: placed with the finding, closed with it."""

from remise.core.actor import Actor
from remise.core.models import Event, Item
from remise.desk import actions
from remise.fleet.findings import FindingKind
from remise.fleet.models import Finding
from remise.fleet.remedies import RequestName
from remise.fleet.requests.data import FoundLater


def place(by: Actor, event: Event) -> None:
    """Within the action that found it: no finding stands without its request. Run again it finds that there is
    one."""
    assert event.subject is not None
    finding = Finding.objects.select_for_update(no_key=True).get(id=event.subject)
    if finding.request is not None or finding.settled_at is not None:
        return
    item = Item.objects.get(id=finding.item_id)
    said = {name: str(value) for name, value in finding.said.items()}
    data = FoundLater(item.policy, item.id, item.key, finding.id, finding.kind, said)
    of_value = finding.kind == FindingKind.VALUE_IN_DOUBT
    kind = RequestName.FINDING_VALUE if of_value else RequestName.FINDING
    finding.request = actions.open_request(by=by, kind=kind, data=data).id
    finding.save(update_fields=["request"])


def close(by: Actor, event: Event) -> None:
    """A job, and not within what settled it: that holds the vehicle, and the desk holds the request first and then
    the vehicle. What the desk decided meanwhile stays decided."""
    assert event.subject is not None
    finding = Finding.objects.get(id=event.subject)
    if finding.request is not None:
        actions.settle(by=by, request=finding.request)
