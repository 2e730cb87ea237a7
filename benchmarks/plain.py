"""The floor: what has to be written, as plain SQL by a bare driver. No right, no rule, no replay; one transaction,
committed, in the scope of a member."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import psycopg

from tests.world import Garage

SCOPE = (
    "select set_config('role', 'remise_member', true), set_config('remise.portal', %(portal)s::text, true),"
    " set_config('remise.organisation', %(organisation)s::text, true)"
)
ITEM = (
    "insert into core_item (portal, organisation, policy, kind, key, known_at)"
    " values (%(portal)s, %(organisation)s, %(policy)s, 'vehicle', %(key)s, clock_timestamp()) returning id, known_at"
)
LOCK = "update core_item set known_at = clock_timestamp() where id = %(item)s returning known_at"
ENTRY = (
    "insert into core_entry (portal, organisation, item_id, starts, operations, at, by_system, reason)"
    " values (%(portal)s, %(organisation)s, %(item)s, %(day)s,"
    " jsonb_build_array(jsonb_build_object('op', 'set', 'terms', jsonb_build_object('value', %(value)s::text))),"
    " %(moment)s, 'bench', '') returning id"
)
CLOSE = (
    "update fleet_registrationversion set known_to = %(moment)s, closed_id = %(entry)s"
    " where item_id = %(item)s and known_to is null and ends is null returning starts, value"
)
VERSION = (
    "insert into fleet_registrationversion (portal, organisation, item_id, policy, plate, starts, ends, known_from,"
    " opened_id, branch, make, model, value) values (%(portal)s, %(organisation)s, %(item)s, %(policy)s, %(key)s,"
    " %(starts)s, %(ends)s, %(moment)s, %(entry)s, %(branch)s, 'A', '', %(worth)s)"
)
EVENT = (
    "insert into core_event (portal, organisation, kind, subject_kind, subject, by_system, via, at)"
    " values (%(portal)s, %(organisation)s, 'vehicle.registered', 'registration', %(item)s, 'bench', 'page',"
    " %(moment)s)"
)


@dataclass(slots=True)
class Plain:
    connection: psycopg.Connection
    garage: Garage

    def register(self, key: str, day: date, value: Decimal) -> int:
        """Item, entry, version and event; returns the item."""
        given = self._given(key, day, value)
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute(SCOPE, given)
            item, given["moment"] = cursor.execute(ITEM, given).fetchone() or (0, None)
            given["item"] = item
            (given["entry"],) = cursor.execute(ENTRY, given).fetchone() or ()
            cursor.execute(VERSION, given)
            cursor.execute(EVENT, given)
        return int(item)

    def amend(self, item: int, key: str, day: date, value: Decimal) -> None:
        """Entry, the version that held closed, and two opened: until the day and from it on."""
        given = self._given(key, day, value) | {"item": item}
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute(SCOPE, given)
            (given["moment"],) = cursor.execute(LOCK, given).fetchone() or ()
            (given["entry"],) = cursor.execute(ENTRY, given).fetchone() or ()
            starts, worth = cursor.execute(CLOSE, given).fetchone() or ()
            cursor.execute(VERSION, given | {"starts": starts, "ends": day, "worth": worth})
            cursor.execute(VERSION, given)

    def _given(self, key: str, day: date, value: Decimal) -> dict[str, object]:
        garage = self.garage
        return {
            "portal": garage.portal.id,
            "organisation": garage.organisation.id,
            "policy": garage.policy.id,
            "branch": garage.branch.id,
            "key": key,
            "day": day,
            "value": value,
            "starts": day,
            "ends": None,
            "worth": value,
        }
