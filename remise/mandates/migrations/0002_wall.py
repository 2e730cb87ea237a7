from django.db import migrations

from remise.core import wall
from remise.core.search.wall import Keys, numbered, searched

# Why an office may act for a client, at this moment: with the dates compared by the portal's clock. The one place
# where that is said; the door that gives the rights and the projection of the wall both read it. A room above adds
# its reasons (policies: whoever is the intermediary). A view that sees what its reader may: nobody is granted it, and
# the functions below read it as the owner.
MANDATES = """
select m.office_id as viewer, m.organisation, m.id as mandate, m.purpose::text as purpose, m.rights::text[] as rights,
       m.branches, m.ends as until, m.fields::text[] as fields
from mandates_mandate m join portals_portal p on p.id = m.portal
where m.accepted_at is not null and m.ended_at is null
  and m.starts <= business_day(p.clock_offset) and (m.ends is null or m.ends > business_day(p.clock_offset))
"""
REASONS = f"create view reach_reason with (security_invoker = true) as {MANDATES}"

# Two who change the same office's reasons follow each other: each sees what the other one wrote, for each statement
# in here has a snapshot of its own.
SETTLE = """
create function {name}({arguments}) returns void language plpgsql as $$ begin
  perform pg_advisory_xact_lock(hashtextextended('reach', office));
  delete from core_reach r where r.viewer = office {of_row}
    and not exists (select from reach_reason w where w.viewer = r.viewer and w.organisation = r.organisation);
  insert into core_reach as r (viewer, organisation, name, rights, until)
  select w.viewer, w.organisation, lower(o.name),
         coalesce(array_agg(distinct x.held order by x.held)
                  filter (where w.branches is null and x.held is not null), '{{}}'),
         case when bool_or(w.until is null) then null else max(w.until) end
  from reach_reason w
  join organisations_organisation o on o.id = w.organisation
  left join lateral unnest(w.rights) x (held) on true
  where w.viewer = office {of_reason}
  group by w.viewer, w.organisation, o.name
  on conflict (viewer, organisation) do update
    set name = excluded.name, rights = excluded.rights, until = excluded.until
    where (r.name, r.rights, r.until) is distinct from (excluded.name, excluded.rights, excluded.until);
end $$;
revoke all on function {name}({types}) from public;
"""
PAIR = SETTLE.format(
    name="reach_settle",
    arguments="office bigint, client bigint",
    types="bigint, bigint",
    of_row="and r.organisation = client",
    of_reason="and w.organisation = client",
)
OFFICE = SETTLE.format(name="reach_settle_office", arguments="office bigint", types="bigint", of_row="", of_reason="")

# The order is the same for all who do it, so that two of them wait and never deadlock.
PORTAL = """
declare office bigint;
begin
  for office in
    select o.id from organisations_organisation o
    where o.portal = scope_portal() and (exists (select from core_reach r where r.viewer = o.id)
      or exists (select from reach_reason w where w.viewer = o.id))
    order by o.id
  loop perform reach_settle_office(office); end loop;
end
"""
FOLLOW_MANDATE = """
begin
  if new.office_id is not null then perform reach_settle(new.office_id, new.organisation); end if;
  return null;
end
"""
FOLLOW_TIER = """
declare office bigint;
begin
  for office in select i.office_id from mandates_intermediary i where i.tier_id = new.id order by i.office_id
  loop perform reach_settle_office(office); end loop;
  return null;
end
"""
FOLLOW_INTERMEDIARY = "begin perform reach_settle_office(new.office_id); return null; end"
FOLLOW_NAME = """
begin update core_reach set name = lower(new.name) where organisation = new.id; return null; end
"""
TRIGGERS = """
create trigger reach_follows after insert or update on mandates_mandate
  for each row execute function reach_follows_mandate();
create trigger reach_follows after update of opens, rights on mandates_tier
  for each row execute function reach_follows_tier();
create trigger reach_follows after update of tier_id on mandates_intermediary
  for each row execute function reach_follows_intermediary();
create trigger reach_follows after update of name on organisations_organisation
  for each row when (old.name is distinct from new.name) execute function reach_follows_name();
"""

# Who may act from an office, and for this client. The account is the one of the scope; the system asks for any. Nobody
# acts by a mandate that was one's own to give or change: it would be a right given to oneself without the mark of one.
ACTS_FOR = (
    "table (office bigint, office_name text, own_name text, client_name text, mandate bigint, purpose text,"
    " rights text[], branches bigint[], until date, fields text[])",
    """
    select f.id, f.name, m.display_name, o.name, r.mandate, r.purpose, r.rights, r.branches, r.until, r.fields
    from organisations_membership m
    join accounts_account a on a.id = m.account_id and a.is_active
    join organisations_organisation f on f.id = m.organisation
    join reach_reason r on r.viewer = m.organisation and r.organisation = $3
    join organisations_organisation o on o.id = r.organisation
    where m.account_id = $1 and (scope_account() is null or scope_account() = $1)
      and m.state = 'active' and m.portal = scope_portal() and m.organisation = $2
      and exists (select from organisations_grant g
                  where g.membership_id = m.id and g.organisation = m.organisation
                    and g."right" = 'clients.act' and g.branch_id is null)
      and not exists (select from mandates_mandate own where own.id = r.mandate
                      and m.account_id = any(own.given_by || own.changed_by))
    order by r.mandate nulls last
    """,
)

BRANCHES = "array(select b.name::text from organisations_branch b where b.id = any(m.branches) order by b.name)"
# One person may have two memberships there (docs/adr/0024); both bear the name.
GIVER = """coalesce((select w.display_name from organisations_membership w
                     where w.account_id = m.given_by and w.organisation = m.organisation
                     order by w.as_administrator limit 1), '')"""
# An offer by number is for the office that has this number here; an intermediary's number goes before another's.
ADDRESSED = """not m.by_mail and (
      m.addressed_key = (select o.kvk from organisations_organisation o where o.id = {office})
      or exists (select from mandates_intermediary i
                 where i.portal = m.portal and i.number_key = m.addressed_key and i.office_id = {office})
      or exists (select from organisations_branch b
                 where b.portal = m.portal and b.relation_key = m.addressed_key and b.organisation = {office}
                   and not exists (select from mandates_intermediary i
                                   where i.portal = m.portal and i.number_key = m.addressed_key)))"""
UNANSWERED = "m.accepted_at is null and m.declined_at is null and m.withdrawn_at is null"

SHOWN = (
    "table (client_name text, given_by text, purpose text, rights text[], branches text[], starts date, ends date,"
    " expires_at timestamptz, accepted_at timestamptz, declined_at timestamptz, withdrawn_at timestamptz,"
    " addressed_to text, has_account boolean, fields text[])",
    f"""
    select o.name, {GIVER}, m.purpose, m.rights::text[], {BRANCHES}, m.starts, m.ends, m.expires_at, m.accepted_at,
           m.declined_at, m.withdrawn_at, m.addressed_to,
           exists (select from accounts_account a
                   where lower(a.email) = lower(m.addressed_to) and a.password not like '!%'),
           m.fields::text[]
    from mandates_mandate m join organisations_organisation o on o.id = m.organisation
    where m.secret_sha = $1 and m.portal = scope_portal()
    """,  # noqa: S608
)
RECEIVED = (
    "table (mandate bigint, client bigint, client_name text, given_by text, purpose text, rights text[],"
    " branches text[], fields text[], is_partly boolean, starts date, ends date, version smallint, given_at timestamptz,"
    " expires_at timestamptz, accepted_at timestamptz, ended_at timestamptz, handed_back boolean, why text)",
    f"""
    select m.id, m.organisation, o.name, {GIVER}, m.purpose, m.rights::text[], {BRANCHES}, m.fields::text[],
           m.branches is not null, m.starts, m.ends, m.version, m.given_at, m.expires_at, m.accepted_at, m.ended_at, m.handed_back, m.why
    from mandates_mandate m join organisations_organisation o on o.id = m.organisation
    where m.portal = scope_portal() and m.organisation <> scope_organisation()
      and (m.office_id = scope_organisation()
           or ({UNANSWERED} and m.expires_at > now() and {ADDRESSED.format(office="scope_organisation()")}))
    order by m.id desc
    """,  # noqa: S608
)

# Nothing comes back where it is over, has expired, or is not for this office. Who accepts for no office gets one of
# one's own: a company of kind person, of which one is the only colleague.
ACCEPT = rf"""
#variable_conflict use_column
declare
  m mandates_mandate;
  mine bigint := p_office;
  own bigint;
  told bigint;
  moved interval;
begin
  if p_account is null or p_account is distinct from scope_account() then return; end if;
  -- Who closes the account at this moment is waited for: nothing is made in the name of who is forgotten.
  perform from accounts_account a where a.id = p_account and a.is_active for key share;
  if not found then return; end if;
  select * into m from mandates_mandate x
    where x.portal = scope_portal()
      and case when p_secret is null then x.id = p_mandate and not x.by_mail else x.secret_sha = p_secret end
    for no key update;
  select p.clock_offset into moved from portals_portal p where p.id = m.portal;
  if m.id is null or not ({UNANSWERED}) or m.expires_at <= now() or m.ends <= business_day(moved) then return; end if;
  if p_account = any(m.given_by || m.changed_by) then return; end if;
  if mine is null and p_secret is not null then
    perform pg_advisory_xact_lock(hashtextextended('own office', p_account));
    select o.id into mine from organisations_organisation o
      join organisations_membership w on w.organisation = o.id and w.account_id = p_account and w.state = 'active'
      where o.portal = m.portal and o.kind = 'person' order by o.id limit 1;
    if mine is null then
      insert into organisations_organisation (portal, kind, kvk, name)
        select m.portal, 'person', null, left(coalesce(nullif(concat_ws(' ', nullif(p.given_name, ''),
               nullif(p.infix, ''), nullif(p.surname, '')), ''), a.email), 120)
        from accounts_account a left join accounts_person p on p.account_id = a.id where a.id = p_account
        returning id into mine;
      -- A book tells companies without a KvK number apart by their names.
      update organisations_organisation o set name = left(o.name, 100) || ' (' || o.id || ')'
        where o.id = mine and exists (select from organisations_organisation x
                                      where x.portal = o.portal and x.kvk is null and x.name = o.name and x.id <> o.id);
      insert into organisations_membership
          (portal, organisation, account_id, as_administrator, display_name, state)
        select o.portal, o.id, p_account, false, regexp_replace(o.name, ' [(][0-9]+[)]$', ''), 'active'
        from organisations_organisation o where o.id = mine
        returning id into own;
      insert into organisations_grant (portal, organisation, membership_id, "right", branch_id, granted_by, by_system)
        select m.portal, mine, own, r, null, null, 'mandate' from unnest(array['clients.act', 'clients.manage']) r;
    end if;
  end if;
  if mine is null or mine = m.organisation or not exists (
    select from organisations_membership w
    join organisations_organisation o on o.id = w.organisation and o.kind <> 'insurer'
    join organisations_grant g on g.membership_id = w.id and g.organisation = w.organisation
      and g."right" = 'clients.manage' and g.branch_id is null
    where w.account_id = p_account and w.organisation = mine and w.portal = m.portal and w.state = 'active')
  then return; end if;
  if p_secret is null and not ({ADDRESSED.format(office="mine")}) then return; end if;
  update mandates_mandate set office_id = mine, accepted_by = p_account, accepted_at = now() + moved,
      office_name = (select o.name from organisations_organisation o where o.id = mine),
      office_is_person = exists (select from organisations_organisation o where o.id = mine and o.kind = 'person')
    where id = m.id;
  insert into core_event
      (portal, organisation, kind, subject_kind, subject, account, by_system, office, via, at, after)
    values (m.portal, m.organisation, 'mandate.accepted', 'mandate', m.id, p_account, '', mine, 'page',
            now() + moved, jsonb_build_object('version', m.version))
    returning id into told;
  return query select m.id, m.organisation, mine, w.id, m.portal, told from organisations_membership w
    join organisations_grant g on g.membership_id = w.id and g."right" = 'clients.manage' and g.branch_id is null
    where w.account_id = p_account and w.organisation = mine and w.state = 'active' order by w.id limit 1;
end
"""  # noqa: S608

FOR_WHOM = f"""
    m.portal = scope_portal() and {UNANSWERED} and case when $2 is null
      then m.id = $1 and scope_organisation() is not null and {ADDRESSED.format(office="scope_organisation()")}
      else m.secret_sha = $2 end
"""
DECLINE = f"""
    with said as (
      update mandates_mandate m set declined_at = now() where {FOR_WHOM} returning m.id, m.portal, m.organisation
    )
    insert into core_event (portal, organisation, kind, subject_kind, subject, account, by_system, via, at)
    select s.portal, s.organisation, 'mandate.declined', 'mandate', s.id, null, 'office', 'page', now() + p.clock_offset
    from said s join portals_portal p on p.id = s.portal
    returning portal, id
"""  # noqa: S608
ASK_AGAIN = f"""
    update mandates_mandate m set asked_again_at = now()
    where m.secret_sha = $1 and m.portal = scope_portal() and {UNANSWERED} and m.expires_at <= now()
      and m.asked_again_at is null
"""  # noqa: S608
HAND_BACK = """
    with given as (
      update mandates_mandate m
      set ended_at = now() + p.clock_offset, ended_by = $3, handed_back = true, why = $2, version = version + 1
      from portals_portal p
      where p.id = m.portal and m.id = $1 and m.office_id = scope_organisation() and m.portal = scope_portal()
        and m.ended_at is null and $3 = scope_account()
      returning m.id, m.portal, m.organisation, m.office_id, m.version
    ), told as (
      insert into core_event
        (portal, organisation, kind, subject_kind, subject, account, by_system, office, via, at, after)
      select g.portal, g.organisation, 'mandate.handed_back', 'mandate', g.id, $3, '', g.office_id, 'page',
             now() + p.clock_offset, jsonb_build_object('version', g.version)
      from given g join portals_portal p on p.id = g.portal
      returning portal, id
    )
    select t.portal, t.id from told t
"""

OWN = """
    select i.number::text, i.tier_id from mandates_intermediary i
    where i.office_id = scope_organisation() and i.portal = scope_portal()
"""

VISITORS = ("public", "account", "member", "staff")
# What a door wrote, for who follows it (core.events.announce).
WRITTEN = "table (portal bigint, event bigint)"


# The office of who works alone is called as the person is. It hands back what it has taken on, and loses its name.
ALONE = """
    o.kind = 'person' and o.kvk is null and $1 = coalesce((select scope_account()), $1)
      and exists (select from organisations_membership w where w.organisation = o.id and w.account_id = $1)
      and not exists (select from organisations_membership w
                      where w.organisation = o.id and w.account_id <> $1 and w.state = 'active')
"""
FORGET = f"""
    update mandates_mandate m set office_name = ''
      from organisations_organisation o where m.office_id = o.id and m.office_is_person and {ALONE};
    update organisations_organisation o set name = '#' || o.id, contact_email = '' where {ALONE};
    -- An offer to the mailbox of who closes the account: nobody opens it any more.
    update mandates_mandate m
      set addressed_to = case when m.by_mail then '' else m.addressed_to end,
          withdrawn_at = case when m.accepted_at is null and m.declined_at is null
                         then coalesce(m.withdrawn_at, now()) else m.withdrawn_at end
      where $1 = coalesce((select scope_account()), $1) and m.by_mail
        and lower(m.addressed_to) = (select lower(a.email) from accounts_account a where a.id = $1);
    -- Last: its events are the answer.
    with given as (
      update mandates_mandate m
        set ended_at = now() + p.clock_offset, ended_by = $1, handed_back = true, version = m.version + 1
        from organisations_organisation o, portals_portal p
        where m.office_id = o.id and p.id = m.portal and m.accepted_at is not null and m.ended_at is null and {ALONE}
        returning m.id, m.portal, m.organisation, m.office_id, m.version, p.clock_offset
    )
    insert into core_event
        (portal, organisation, kind, subject_kind, subject, account, by_system, office, via, at, after)
      select g.portal, g.organisation, 'mandate.handed_back', 'mandate', g.id, scope_account(),
             case when scope_account() is null then 'privacy.command' else '' end, g.office_id,
             case when scope_account() is null then 'command' else 'page' end, now() + g.clock_offset,
             jsonb_build_object('version', g.version)
      from given g
      returning portal, id;
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("mandates", "0001_initial"), ("organisations", "0002_wall")]

    operations = [
        *wall.own_portal("mandates_tier", parent=True, member="r", agent="r", staff="raw", system="raw"),
        *wall.own_portal("mandates_intermediary", parent=True, staff="raw", system="raw"),
        # The key is the office's, as a company here.
        *searched(
            "mandates_intermediary",
            Keys(
                "intermediary",
                numbered("r.number_key"),
                ("number_key", "office_id"),
                organisation="r.office_id",
            ),
        ),
        *wall.same_portal("mandates_intermediary", tier_id="mandates_tier", office_id="organisations_organisation"),
        *wall.walled("mandates_mandate", member="raw", staff="r", system="rw", parent=True),
        *wall.belongs_to_organisation("mandates_mandate"),
        *wall.same_portal("mandates_mandate", office_id="organisations_organisation"),
        migrations.RunSQL(REASONS, "drop view reach_reason"),
        migrations.RunSQL(PAIR, "drop function reach_settle(bigint, bigint)"),
        migrations.RunSQL(OFFICE, "drop function reach_settle_office(bigint)"),
        wall.door("reach_settle_portal()", "void", PORTAL, kinds=("system",), volatile=True, language="plpgsql"),
        wall.door("reach_follows_mandate()", "trigger", FOLLOW_MANDATE, volatile=True, language="plpgsql"),
        wall.door("reach_follows_tier()", "trigger", FOLLOW_TIER, volatile=True, language="plpgsql"),
        wall.door("reach_follows_intermediary()", "trigger", FOLLOW_INTERMEDIARY, volatile=True, language="plpgsql"),
        wall.door("reach_follows_name()", "trigger", FOLLOW_NAME, volatile=True, language="plpgsql"),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
        wall.door("acts_for(account bigint, office bigint, client bigint)", *ACTS_FOR, kinds=("account", "system")),
        wall.door("mandate_shown(secret_sha text)", *SHOWN, kinds=VISITORS),
        wall.door("mandates_received()", *RECEIVED, kinds=("member",)),
        wall.door(
            "mandate_accept(p_mandate bigint, p_secret text, p_office bigint, p_account bigint)",
            "table (mandate bigint, organisation bigint, office bigint, membership bigint, portal bigint, event bigint)",
            ACCEPT,
            kinds=VISITORS[1:],
            volatile=True,
            language="plpgsql",
        ),
        wall.door(
            "mandate_decline(mandate bigint, secret_sha text)", WRITTEN, DECLINE, kinds=VISITORS, volatile=True
        ),
        wall.door("mandate_ask_again(secret_sha text)", "void", ASK_AGAIN, kinds=VISITORS, volatile=True),
        wall.door(
            "mandate_hand_back(mandate bigint, why text, account bigint)",
            WRITTEN,
            HAND_BACK,
            kinds=("member",),
            volatile=True,
        ),
        wall.door("own_intermediary()", "table (number text, tier bigint)", OWN, kinds=("member", "agent")),
        wall.door("offers_to_forget(person bigint)", WRITTEN, FORGET, kinds=("account", "system"), volatile=True),
    ]
