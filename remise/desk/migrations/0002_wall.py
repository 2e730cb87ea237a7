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
        *wall.belongs_to_organisation("desk_deskrequest", "desk_deskmessage"),
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
