from django.db import migrations

from remise.core import wall

# What a document says stays; that it was drawn is written once. As records, like the ledger's versions.
STAYS = """
create function document_stays() returns trigger language plpgsql as $$
declare
  kept record;
begin
  kept := new;
  kept.sha256 := old.sha256;
  kept.drawn_at := old.drawn_at;
  kept.sealed_at := old.sealed_at;
  kept.seal_id := old.seal_id;
  if old.sha256 is not null or new.sha256 is null or kept *<> old then
    raise exception 'a document stays as it was made, and is drawn once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger documents_document_stays before update on documents_document
  for each row execute function document_stays();

-- A file for the printer stays too, until it is let go of.
create function print_file_stays() returns trigger language plpgsql as $$
declare
  kept record;
begin
  kept := new;
  kept.sha256 := old.sha256;
  kept.forgotten_at := old.forgotten_at;
  if old.sha256 is null or new.sha256 is not null or kept *<> old then
    raise exception 'a print file stays as it was made, until it is let go of' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger documents_printfile_stays before update on documents_printfile
  for each row execute function print_file_stays();

-- A key is replaced, never changed: retiring it is all that may be written.
create function seal_key_stays() returns trigger language plpgsql as $$
declare
  kept record;
begin
  kept := new;
  kept.retired_at := old.retired_at;
  if old.retired_at is not null or new.retired_at is null or kept *<> old then
    raise exception 'a sealing key can only be retired' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger documents_sealkey_stays before update on documents_sealkey
  for each row execute function seal_key_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial"), ("organisations", "0002_wall")]

    operations = [
        # Whoever reads a document first has it sealed, and the first of all has the key issued; the system replaces it.
        *wall.own_portal("documents_sealkey", parent=True, member="ra", agent="ra", staff="ra", system="raw"),
        *wall.walled(
            "documents_document",
            member="raw",
            agent="rw",
            staff="raw",
            system="raw",
            parents={"supersedes_id": "documents_document"},
            parent=True,
        ),
        *wall.belongs_to_organisation("documents_document"),
        *wall.same_portal("documents_document", seal_id="documents_sealkey"),
        # The insurer's people print; jobs draw, and let go.
        *wall.own_portal("documents_printfile", staff="r", system="raw"),
        # Which of these files documents name, of whatever portal: equal files are one.
        wall.door(
            "documents_named(files text[])",
            "table (sha256 text)",
            "select d.sha256::text from documents_document d where d.sha256 = any(files)"
            " union select p.sha256::text from documents_printfile p where p.sha256 = any(files)",
            kinds=("system",),
        ),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
    ]
