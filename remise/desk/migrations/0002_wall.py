from django.db import migrations

from remise.core import wall

OWN = "$1 = coalesce((select scope_account()), $1) "
HERE = f"portal = (select scope_portal()) and {OWN}"
# What a person asked, said and decided, in the portal of the scope; never what the other side wrote, nor what was
# typed about others: of a request's data the reason alone.
REQUESTS = f"""
    select 'asked', jsonb_build_object('number', r.id, 'company', o.name, 'kind', r.kind, 'asked', r.opened_at,
                                       'state', r.state, 'why', r.data ->> 'why')
    from desk_deskrequest r join organisations_organisation o on o.id = r.organisation
    where r.account = $1 and r.{HERE}
    union all
    select 'said', jsonb_build_object('number', m.request_id, 'company', o.name, 'at', m.at, 'text', m.text)
    from desk_deskmessage m join organisations_organisation o on o.id = m.organisation
    where m.account = $1 and m.{HERE}
    union all
    select 'decided', jsonb_build_object('number', r.id, 'company', o.name, 'kind', r.kind, 'at', r.decided_at,
                                         'state', r.state, 'reason', r.reason)
    from desk_deskrequest r join organisations_organisation o on o.id = r.organisation
    where coalesce(r.decided_by, r.assignee) = $1 and r.{HERE}
    union all
    select 'noted', jsonb_build_object('number', n.request_id, 'company', o.name, 'at', n.at, 'text', n.text)
    from desk_desknote n join organisations_organisation o on o.id = n.organisation
    where n.account = $1 and n.{HERE}
    union all
    select 'handed', jsonb_build_object('number', n.request_id, 'company', o.name, 'at', n.at, 'to_you', n.given_to = $1)
    from desk_desknote n join organisations_organisation o on o.id = n.organisation
    where $1 in (n.given_to, n.taken_from) and n.{HERE}
    union all
    select 'written', jsonb_build_object('title', t.title, 'at', t.made_at, 'text', t.text, 'retired', t.retired_at)
    from desk_answertemplate t where $1 in (t.made_by, t.retired_by) and t.{HERE}
"""  # noqa: S608
# What somebody of the desk was at goes back to the queue: nobody would answer it.
GIVE_BACK = f"""
    insert into core_event (portal, organisation, kind, subject_kind, subject, account, by_system, via, at, before)
      select r.portal, r.organisation, 'request.given_back', 'request', r.id, scope_account(),
             case when scope_account() is null then 'privacy.command' else '' end,
             case when scope_account() is null then 'command' else 'page' end, now() + p.clock_offset,
             jsonb_build_object('assignee', $1)
      from desk_deskrequest r join portals_portal p on p.id = r.portal
      where r.assignee = $1 and r.state = 'taken' and {OWN};
    update desk_deskrequest set state = 'waiting', assignee = null
      where assignee = $1 and state = 'taken' and {OWN};
"""  # noqa: S608
# A customer asks, answers, reads and withdraws; all else of a request is for the desk and the system to write. As records,
# so that a column that comes later is none of the customer's. After the trigger that keeps a row with its company.
CUSTOMERS_PART = """
create function request_stays_the_desks() returns trigger language plpgsql as $$
declare
  is_open constant boolean := old.state in ('waiting', 'taken');
  kept record := new;
  is_legal boolean;
begin
  kept.unread := old.unread;
  kept.customer_asked := old.customer_asked;
  if new.state = 'withdrawn' and is_open and old.by_system = '' then
    kept.state := old.state;
    kept.assignee := old.assignee;
    kept.decided_at := old.decided_at;
    kept.data_sha := old.data_sha;
    is_legal := new.data_sha = '' and not new.unread and not new.customer_asked;
  else
    is_legal := new.unread <= old.unread
      and (new.customer_asked = old.customer_asked or (new.customer_asked and is_open));
  end if;
  if kept *<> old or not is_legal then
    raise exception 'a customer answers and withdraws a request, and changes nothing else of it'
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger desk_deskrequest_stays before update on desk_deskrequest
  for each row when (current_user = 'remise_member') execute function request_stays_the_desks();

create function customer_speaks_for_oneself() returns trigger language plpgsql as $$ begin
  raise exception 'a customer asks and says something in the own name, and decides nothing'
    using errcode = 'insufficient_privilege';
end $$;
create trigger desk_deskrequest_asked before insert on desk_deskrequest for each row
  when (current_user = 'remise_member' and (new.state <> 'waiting' or new.account is distinct from scope_account()
    or new.reason <> '' or new.unread or new.customer_asked or new.internal or new.forgotten_at is not null))
  execute function customer_speaks_for_oneself();
create trigger desk_deskmessage_said before insert on desk_deskmessage for each row
  when (current_user = 'remise_member' and (new.from_desk or new.account <> scope_account()))
  execute function customer_speaks_for_oneself();
"""

# Of a note only who read it changes, and the system empties it. A wording in use is retired once, and never changed.
WORDS_STAY = """
create function note_stays() returns trigger language plpgsql as $$
declare kept record := new;
begin
  kept.is_new := old.is_new;
  kept.is_lost := old.is_lost;
  if kept *<> old or new.is_new > old.is_new or new.is_lost > old.is_lost then
    raise exception 'a note is read, and not changed' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger desk_desknote_stays before update on desk_desknote
  for each row when (current_user = 'remise_staff') execute function note_stays();

create function template_stays() returns trigger language plpgsql as $$
declare kept record := new;
begin
  kept.retired_by := old.retired_by;
  kept.retired_at := old.retired_at;
  if kept *<> old or old.retired_at is not null then
    raise exception 'the wording of an answer is retired, and not changed' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger desk_answertemplate_stays before update on desk_answertemplate
  for each row execute function template_stays();
"""
# What the desk looks at by itself is nothing to the customer, nor to who acts for one, before the desk has written.
INTERNAL = (
    "create policy internal on desk_deskrequest as restrictive for select"
    " using (not internal or current_user in ('remise_staff', 'remise_system'))"
)
# In which language who asked reads, and nothing of who it is.
LANGUAGE = """
    select a.language from desk_deskrequest r join accounts_account a on a.id = r.account
    where r.id = $1 and r.portal = (select scope_portal())
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial"), ("organisations", "0002_wall")]

    operations = [
        *wall.walled(
            "desk_deskrequest",
            member="raw",
            agent="r",
            staff="raw",
            system="raw",
            parents={"branch": "organisations_branch", "entry": "core_entry"},
            parent=True,
        ),
        *wall.walled(
            "desk_deskmessage",
            member="ra",
            staff="ra",
            system="rw",
            parents={"request_id": "desk_deskrequest"},
        ),
        *wall.walled("desk_desknote", staff="raw", system="rw", parents={"request_id": "desk_deskrequest"}),
        *wall.belongs_to_organisation("desk_deskrequest", "desk_deskmessage", "desk_desknote"),
        *wall.own_portal("desk_answertemplate", parent=True, staff="raw"),
        *wall.same_portal("desk_answertemplate", replaces_id="desk_answertemplate"),
        migrations.RunSQL(
            CUSTOMERS_PART,
            "drop function request_stays_the_desks() cascade; drop function customer_speaks_for_oneself() cascade",
        ),
        migrations.RunSQL(INTERNAL, migrations.RunSQL.noop),
        migrations.RunSQL(WORDS_STAY, "drop function note_stays() cascade; drop function template_stays() cascade"),
        wall.door("language_of_asker(asked bigint)", "text", LANGUAGE, kinds=("staff",)),
        wall.door(
            "own_requests(person bigint)",
            "table (section text, said jsonb)",
            REQUESTS,
            kinds=("account", "member", "staff", "system"),
        ),
        wall.door(
            "requests_to_give_back(person bigint)", "void", GIVE_BACK, kinds=("account", "system"), volatile=True
        ),
    ]
