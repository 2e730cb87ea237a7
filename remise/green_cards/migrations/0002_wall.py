from django.db import migrations

from remise.core import wall
from remise.core.search.wall import Keys, searched

SENT = """
    select 'sent', jsonb_build_object('company', o.name, 'at', s.requested_at, 'format', s.format)
    from green_cards_shipment s join organisations_organisation o on o.id = s.organisation
    where s.requested_by = $1 and s.portal = (select scope_portal()) and $1 = coalesce((select scope_account()), $1)
"""
READERS = {"member": "r", "agent": "r", "staff": "raw", "system": "r"}

# Does the cover of a vehicle, as known now, run from one day to another without a gap? Versions never overlap, so it
# does if the days that they cover are as many as there are. A policy that ended covers nothing, also where a vehicle
# was left on it (least() takes no notice of an end that is open). With the rights of who asks.
HOLDS = """
create function green_card_holds(vehicle bigint, since date, until date) returns boolean
language sql stable as $$
  select coalesce(sum(least(v.ends, p.ends, until + 1) - greatest(v.starts, since)), 0) = until + 1 - since
  from fleet_registrationversion v
  join policies_policy p on p.id = v.policy and p.organisation = v.organisation
  where v.item_id = vehicle and v.known_to is null and v.starts <= until and (v.ends is null or v.ends > since)
    and (p.ends is null or p.ends > greatest(v.starts, since))
$$;
"""

# What is printed stays as it is printed; void stays void.
STAYS = """
create function green_card_stays() returns trigger language plpgsql as $$ begin
  if (new.item_id, new.branch_id, new.serial, new.plate, new.valid_from, new.valid_to, new.category, new.make,
      new.territory, new.with_trailer, new.pulled_by, new.token, new.shipment_id, new.issued_at, new.period)
     is distinct from
     (old.item_id, old.branch_id, old.serial, old.plate, old.valid_from, old.valid_to, old.category, old.make,
      old.territory, old.with_trailer, old.pulled_by, old.token, old.shipment_id, old.issued_at, old.period)
     or (old.document_id is not null and new.document_id is distinct from old.document_id)
     or (old.voided_at is not null
         and (new.voided_at, new.void_reason) is distinct from (old.voided_at, old.void_reason))
     or (old.printed_at is not null and new.printed_at is distinct from old.printed_at)
     or new.reprints < old.reprints then
    raise exception 'a green card stays as it was printed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger green_cards_greencard_stays before update on green_cards_greencard
  for each row execute function green_card_stays();
"""

# A shipment goes from state to state as `Shipment.MOVES` has it: a test holds them together.
SHIPMENT_MOVES = """
create function shipment_moves() returns trigger language plpgsql as $$ begin
  if new.state <> old.state and (old.state, new.state) not in (
      ('waiting', 'printing'), ('waiting', 'cancelled'), ('printing', 'sent'), ('printing', 'waiting'),
      ('sent', 'printing'), ('sent', 'returned'), ('returned', 'sent')) then
    raise exception 'a shipment does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger green_cards_shipment_moves before update of state on green_cards_shipment
  for each row execute function shipment_moves();
"""

# What is in a print batch stays; its pages are written down once, and what was left out of it stays left out.
BATCH_STAYS = """
create function print_batch_stays() returns trigger language plpgsql as $$ begin
  if (new.batch_id, new.shipment_id, new.place, new.documents)
     is distinct from (old.batch_id, old.shipment_id, old.place, old.documents)
     or (old.first_page is not null and (new.first_page, new.last_page)
         is distinct from (old.first_page, old.last_page))
     or (old.outcome = 'left_out' and new.outcome <> old.outcome) then
    raise exception 'what is in a print batch stays' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger green_cards_batchshipment_stays before update on green_cards_batchshipment
  for each row execute function print_batch_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("green_cards", "0001_initial"), ("fleet", "0002_wall"), ("documents", "0002_wall")]

    operations = [
        *wall.own_portal("green_cards_cardsettings", **READERS),
        *wall.walled("green_cards_carddelivery", member="raw", agent="r", staff="r", system="r"),
        *wall.belongs_to_organisation("green_cards_carddelivery"),
        *wall.walled(
            "green_cards_shipment",
            member="raw",
            agent="r",
            staff="raw",
            system="raw",
            parents={"again_of_id": "green_cards_shipment"},
            parent=True,
        ),
        *wall.belongs_to_organisation("green_cards_shipment"),
        *wall.walled(
            "green_cards_greencard",
            member="raw",
            agent="r",
            staff="raw",
            system="raw",
            parents={
                "item_id": "core_item",
                "branch_id": "organisations_branch",
                "shipment_id": "green_cards_shipment",
                "document_id": "documents_document",
            },
            parent=True,
        ),
        *wall.belongs_to_organisation("green_cards_greencard"),
        # The insurer's people print and post; jobs draw.
        *wall.own_portal("green_cards_printbatch", staff="raw", system="rw", parent=True),
        *wall.walled(
            "green_cards_batchshipment", staff="raw", system="rw", parents={"shipment_id": "green_cards_shipment"}
        ),
        *wall.belongs_to_organisation("green_cards_batchshipment"),
        *wall.same_portal("green_cards_batchshipment", batch_id="green_cards_printbatch"),
        # As it is written on the card (models.DIGITS); it never changes.
        *searched(
            "green_cards_greencard",
            Keys(
                "card",
                "select lpad(r.serial::text, greatest(7, length(r.serial::text)), '0')",
                (),
                branch="r.branch_id",
            ),
        ),
        migrations.RunSQL(HOLDS, "drop function green_card_holds"),
        migrations.RunSQL(STAYS, "drop function green_card_stays cascade"),
        migrations.RunSQL(SHIPMENT_MOVES, "drop function shipment_moves cascade"),
        migrations.RunSQL(BATCH_STAYS, "drop function print_batch_stays cascade"),
        # The numbers of a portal one after the other, as many as are asked for at once. The row is held until the
        # transaction ends: the next one waits, and what is rolled back leaves no gap.
        wall.door(
            "take_card_numbers(how_many integer)",
            "bigint",
            """
            insert into green_cards_counter as c (portal, kind, next)
            select (select scope_portal()), 'green_card', 1 + how_many where how_many > 0
            on conflict (portal, kind) do update set next = c.next + how_many
            returning c.next - how_many
            """,
            kinds=("member", "staff", "system"),
            volatile=True,
        ),
        # The number of the next print batch; who makes another one at this moment waits here.
        wall.door(
            "take_batch_number()",
            "bigint",
            """
            insert into green_cards_counter as c (portal, kind, next)
            values ((select scope_portal()), 'print_batch', 2)
            on conflict (portal, kind) do update set next = c.next + 1
            returning c.next - 1
            """,
            kinds=("staff",),
            volatile=True,
        ),
        wall.door(
            "own_shipments(person bigint)",
            "table (section text, said jsonb)",
            SENT,
            kinds=("account", "member", "staff", "system"),
        ),
        # What the code beside a card tells whoever scans it: what is printed on it, and whether it is worth anything.
        wall.door(
            "check_card(code text, today date)",
            "table (serial bigint, plate text, valid_from date, valid_to date, with_trailer boolean, second boolean,"
            " voided boolean, holds boolean)",
            """
            select c.serial, c.plate, c.valid_from, c.valid_to, c.with_trailer, c.pulled_by <> '',
                   c.voided_at is not null,
                   green_card_holds(c.item_id, c.valid_from, greatest(today, c.valid_from))
            from green_cards_greencard c
            where c.token = code and c.portal = (select scope_portal())
            """,
            kinds=("public",),
        ),
    ]
