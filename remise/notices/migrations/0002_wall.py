from django.db import migrations

from remise.core import wall

READERS = {"member": "r", "agent": "r", "staff": "raw", "system": "r"}

# What a notice says stays, and it goes from state to state as `Notice.MOVES` has it. Its last answer stays with it
# when it is sent again.
STAYS = """
create function notice_stays() returns trigger language plpgsql as $$ begin
  if (new.policy, new.item_id, new.place, new.entry_id, new.kind, new.plate, new.check_code, new.kvk, new.insurer,
      new.policy_number, new.starts, new.ends, new.written_at, new.due_on)
     is distinct from
     (old.policy, old.item_id, old.place, old.entry_id, old.kind, old.plate, old.check_code, old.kvk, old.insurer,
      old.policy_number, old.starts, old.ends, old.written_at, old.due_on) then
    raise exception 'what a notice says stays' using errcode = 'restrict_violation';
  end if;
  if new.state <> old.state and (old.state, new.state) not in (
      ('pending', 'going'), ('pending', 'withdrawn'),
      ('going', 'sent'), ('going', 'accepted'), ('going', 'rejected'),
      ('sent', 'accepted'), ('sent', 'rejected'),
      ('rejected', 'pending'), ('rejected', 'corrected'), ('rejected', 'withdrawn')) then
    raise exception 'a notice does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
  end if;
  if new.batch_id is distinct from old.batch_id
     and (old.state, new.state) not in (('pending', 'going'), ('rejected', 'pending')) then
    raise exception 'a notice stays in its batch' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger notices_notice_stays before update on notices_notice
  for each row execute function notice_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("fleet", "0002_wall"), ("policies", "0002_wall")]

    operations = [
        *wall.own_portal("notices_noticerule", **READERS),
        *wall.same_portal("notices_noticerule", product_id="policies_product"),
        *wall.own_portal("notices_registersettings", member="r", agent="r", staff="raw", system="rw"),
        *wall.own_portal("notices_registerway", member="r", agent="r", staff="raw", system="r"),
        *wall.own_portal("notices_batch", parent=True, staff="raw", system="raw"),
        # A member writes what follows from the own change, and takes back what has not gone.
        *wall.walled(
            "notices_notice",
            member="raw",
            agent="r",
            staff="raw",
            system="raw",
            parents={"policy": "policies_policy", "item_id": "core_item", "entry_id": "core_entry"},
        ),
        *wall.same_portal("notices_notice", batch_id="notices_batch"),
        migrations.RunSQL(STAYS, "drop function notice_stays cascade"),
    ]
