from django.db import migrations

from remise.core import wall
from remise.core.search.wall import Keys, named, numbered, searched

ORGANISATION = [
    "alter table organisations_organisation add constraint organisations_organisation_in_portal unique (id, portal)",
    "alter table organisations_organisation enable row level security",
    "create policy member on organisations_organisation to remise_member using (id = (select scope_organisation()))",
    "create policy agent on organisations_organisation to remise_agent"
    " using (exists (select from core_reach r where r.viewer = (select scope_organisation())"
    " and r.organisation = organisations_organisation.id))",
    "create policy staff on organisations_organisation to remise_staff using (portal = (select scope_portal()))",
    "create policy system on organisations_organisation to remise_system using (portal = (select scope_portal()))",
    "grant select on organisations_organisation to remise_member, remise_agent",
    "grant select, insert, update on organisations_organisation to remise_staff, remise_system",
    "create trigger organisations_organisation_stays before update of portal on organisations_organisation"
    " for each row when (old.portal is distinct from new.portal) execute function portal_stays()",
]

PORTAL_STAYS = """
create function portal_stays() returns trigger language plpgsql as $$ begin
  raise exception 'a company stays with its insurer' using errcode = 'restrict_violation';
end $$;
"""


MEMBERSHIPS = (
    "table (membership bigint, organisation bigint, organisation_name text, display_name text, grants jsonb,"
    " organisation_kind text, as_administrator boolean)",
    """
    select m.id, m.organisation, o.name, m.display_name,
           coalesce((select jsonb_agg(jsonb_build_array(g."right", g.branch_id))
                     from organisations_grant g where g.membership_id = m.id), '[]'::jsonb),
           o.kind, m.as_administrator
    from organisations_membership m
    join organisations_organisation o on o.id = m.organisation
    join accounts_account a on a.id = m.account_id and a.is_active
    where m.account_id = {account} and m.portal = (select scope_portal()) and m.state = 'active'
    order by o.name, m.organisation, m.as_administrator
    """,
)

ADDRESSES = """
    select a.id, a.email from accounts_account a
    where exists (select from organisations_membership m
                  where m.account_id = a.id and m.portal = (select scope_portal()) and m.erased_at is null)
"""


# Where those are written to of whom nothing is let go of: they, or a company they work or worked for, are held.
HELD = """
    select a.id, lower(a.email) from accounts_account a
    where exists (select from portals_legalhold h
                  where h.portal = (select scope_portal()) and h.ended_at is null
                    and (h.account = a.id
                         or exists (select from organisations_membership m
                                    where m.account_id = a.id and m.organisation = h.company)))
"""

# Where who works here is written to, and in which language; empty where the person chose none.
MAILBOX = """
    select a.email, a.language from accounts_account a
    where a.id = $1 and a.is_active
      and exists (select from organisations_membership m
                  where m.account_id = a.id and m.portal = (select scope_portal()) and m.state = 'active')
"""
# The same of who works somewhere no more, to tell that and nothing else; of nobody who is forgotten, or is back.
MAILBOX_OF_FORMER = """
    select a.email, a.language from organisations_membership m
    join accounts_account a on a.id = m.account_id and a.is_active
    where m.id = $1 and m.portal = (select scope_portal()) and m.state = 'ended' and m.erased_at is null
"""
# Of a company where the caller works, and nobody's but theirs who give rights there.
ADMINISTRATORS = """
    select m.id, a.email::text from organisations_membership m
    join accounts_account a on a.id = m.account_id and a.is_active
    where m.organisation = $1 and m.portal = scope_portal() and m.state = 'active'
      and exists (select from organisations_membership own
                  where own.organisation = $1 and own.portal = scope_portal() and own.account_id = scope_account()
                    and own.state = 'active')
      and exists (select from organisations_grant g
                  where g.membership_id = m.id and g.organisation = m.organisation and g."right" = 'users.manage')
"""


# Whether somebody with this address works in the company already; asked by who gives rights there, and of no other
# company: nothing tells of accounts elsewhere.
WORKS_HERE = """
    select exists (
      select from organisations_membership m join accounts_account a on a.id = m.account_id
      where m.organisation = $1 and m.portal = scope_portal() and m.state = 'active' and lower(a.email) = lower($2)
        and exists (select from organisations_membership own
                    join organisations_grant g on g.membership_id = own.id and g.organisation = own.organisation
                    where own.organisation = $1 and own.portal = scope_portal() and own.account_id = scope_account()
                      and own.state = 'active' and g."right" = 'users.manage'))
"""


def memberships(signature: str, account: str, kind: str) -> migrations.RunSQL:
    returns, body = MEMBERSHIPS
    return wall.door(signature, returns, body.format(account=account), kinds=(kind,))


# Who acted for this company from an office of another: the name by which the office knows them.
NAMES_OF_OFFICES = """
    select distinct on (m.account_id) m.account_id, m.display_name, o.id, o.name
    from organisations_membership m join organisations_organisation o on o.id = m.organisation
    where m.account_id = any($2) and m.portal = scope_portal()
      and (scope_organisation() is null or scope_organisation() = $1)
      and exists (select from core_event e
                  where e.organisation = $1 and e.office = m.organisation and e.account = m.account_id)
    order by m.account_id, m.id desc
"""


# A key that was never made, was taken back, is past its day, is another insurer's or comes from elsewhere than it may:
# there is no row, and nothing tells which of these it was.
TOKEN = (
    "table (token bigint, account bigint, membership bigint, organisation bigint, organisation_name text,"
    " display_name text, grants jsonb, rights jsonb, branches bigint[], used_on date)",
    """
    select t.id, m.account_id, m.id, m.organisation, o.name, m.display_name,
           coalesce((select jsonb_agg(jsonb_build_array(g."right", g.branch_id))
                     from organisations_grant g where g.membership_id = m.id), '[]'::jsonb),
           t.rights, t.branches, t.last_used_on
    from organisations_apitoken t
    join organisations_membership m on m.id = t.membership_id and m.state = 'active'
    join organisations_organisation o on o.id = m.organisation
    join accounts_account a on a.id = m.account_id and a.is_active
    where t.secret_sha = $1 and t.portal = (select scope_portal()) and t.revoked_at is null and t.expires_at > now()
      and (t.addresses is null or exists (select from unnest(t.addresses) n where $2::inet <<= n::cidr))
    """,
)


# An invitation is found by the fingerprint of its secret, in the portal of the address.
ASKED = "i.secret_sha = $1 and i.portal = (select scope_portal())"
HOLDS = "i.accepted_at is null and i.declined_at is null and i.withdrawn_at is null"

INVITATION = (
    "table (organisation_name text, invited_by text, display_name text, email text, expires_at timestamptz,"
    " accepted_at timestamptz, declined_at timestamptz, withdrawn_at timestamptz, has_account boolean)",
    f"""
    select o.name, (select m.display_name from organisations_membership m
                    where m.account_id = i.invited_by and m.organisation = i.organisation
                    order by m.as_administrator limit 1),
           i.display_name, i.email, i.expires_at, i.accepted_at, i.declined_at, i.withdrawn_at,
           exists (select from accounts_account a
                   where lower(a.email) = lower(i.email) and a.password not like '!%')
    from organisations_invitation i
    join organisations_organisation o on o.id = i.organisation
    where {ASKED}
    """,  # noqa: S608
)

# Whoever worked here before does so again; what else they held is left. The account is the one of the scope: it is
# told as well, for a mistake in it must not make somebody else a colleague. Who closes it at this moment is waited for:
# no name comes back of who is forgotten.
ACCEPT = f"""
    with opened as materialized (
      select a.id from accounts_account a where a.id = $2 and a.is_active for key share
    ), asked as (
      select i.* from organisations_invitation i join opened on true
      where {ASKED} and {HOLDS} and i.expires_at > now() and $2 = (select scope_account())
      for update of i
    ), colleague as (
      insert into organisations_membership as m
        (portal, organisation, account_id, as_administrator, display_name, state)
      select a.portal, a.organisation, $2, false, a.display_name, 'active' from asked a
      on conflict (account_id, organisation, as_administrator) do update
        set state = 'active', erased_at = null,
            display_name = case m.state when 'active' then m.display_name else excluded.display_name end
      returning m.id, m.organisation, m.portal
    ), given as (
      insert into organisations_grant
        (portal, organisation, membership_id, "right", branch_id, granted_by, by_system, granted_at)
      select c.portal, c.organisation, c.id, r ->> 0, (r ->> 1)::bigint,
             case when own.here then a.invited_by end, case when own.here then '' else 'insurer' end,
             now() + p.clock_offset
      from colleague c
      join asked a on a.organisation = c.organisation
      join portals_portal p on p.id = c.portal
      cross join lateral (select exists (select from organisations_membership m
        where m.account_id = a.invited_by and m.organisation = a.organisation) as here) own
      cross join jsonb_array_elements(a.rights) r
      on conflict do nothing
    ), ended as (
      update organisations_invitation i set accepted_at = now(), membership_id = c.id
      from asked a, colleague c where i.id = a.id
    ), told as (
      insert into core_event (portal, organisation, kind, subject_kind, subject, account, by_system, via, at, after)
      select a.portal, a.organisation, 'membership.began', 'membership', c.id, $2, '', 'page',
             now() + p.clock_offset, jsonb_build_object('invitation', a.id, 'rights', a.rights)
      from asked a join colleague c on true join portals_portal p on p.id = a.portal
      returning portal, id
    )
    select c.organisation, c.id, t.portal, t.id from colleague c join told t on true
"""  # noqa: S608

# One's own second membership in a company where one works: a member can make no other row of this table. Nothing is
# given with it.
APART = """
    insert into organisations_membership as m
      (portal, organisation, account_id, as_administrator, display_name, state)
    select o.portal, o.organisation, o.account_id, true, o.display_name, 'active'
    from organisations_membership o
    where o.account_id = scope_account() and o.organisation = $1 and o.portal = scope_portal()
      and o.state = 'active' and not o.as_administrator
    on conflict (account_id, organisation, as_administrator) do update
      set state = 'active', erased_at = null, display_name = excluded.display_name
    returning m.id
"""

DECLINE = f"update organisations_invitation i set declined_at = now() where {ASKED} and {HOLDS}"  # noqa: S608
ASK_AGAIN = f"""
    update organisations_invitation i set asked_again_at = now()
    where {ASKED} and {HOLDS} and i.expires_at <= now() and i.asked_again_at is null
"""  # noqa: S608

# Whom the caller may help: a colleague of the own company who gives no rights there, by who does; and by the insurer's
# desk who gives rights in a company, or works in one where nobody does. Nobody helps oneself. Of a company that is not
# reached so there is no row.
HOLDS_RIGHT = (
    "exists (select from organisations_membership own"
    " join organisations_organisation o on o.id = own.organisation"
    " join organisations_grant g on g.membership_id = own.id and g.organisation = own.organisation"
    " where own.account_id = scope_account() and own.portal = scope_portal() and own.state = 'active' and {})"
)
ADMINISTRATOR = (
    "exists (select from organisations_membership also"
    " join organisations_grant a on a.membership_id = also.id and a.organisation = also.organisation"
    " where also.organisation = m.organisation and also.state = 'active' and a.\"right\" = 'users.manage'{})"
)
# With whichever of the memberships that one person may have in one company.
IS_ADMINISTRATOR = ADMINISTRATOR.format(" and also.account_id = m.account_id")
HAS_ADMINISTRATOR = ADMINISTRATOR.format("")
IS_THE_DESKS = f"({IS_ADMINISTRATOR} or not {HAS_ADMINISTRATOR})"
IS_COLLEAGUE = HOLDS_RIGHT.format("own.organisation = m.organisation and g.\"right\" = 'users.manage'")
IS_DESK = HOLDS_RIGHT.format("o.kind = 'insurer' and g.\"right\" = 'people.let_in'")
LOOKS_UP = HOLDS_RIGHT.format("o.kind = 'insurer' and g.\"right\" = 'customers.view'")
HERE = "m.portal = scope_portal() and m.state = 'active'"
# What a colleague signs in with, for who gives rights in the same company.
ADDRESS_OF_COLLEAGUE = f"""
    select a.email from organisations_membership m join accounts_account a on a.id = m.account_id
    where m.id = $1 and {HERE} and {IS_COLLEAGUE}
"""  # noqa: S608
HELPED = (
    f"{HERE} and m.account_id <> scope_account()"
    f" and ((not {IS_ADMINISTRATOR} and {IS_COLLEAGUE}) or ({IS_THE_DESKS} and {IS_DESK}))"
)
LOCKED_OUT = (
    "table (membership bigint, organisation bigint, is_administrator boolean, has_administrator boolean,"
    " blocked_since timestamptz, asked_at timestamptz, due_at timestamptz)",
    f"""
    select m.id, m.organisation, {IS_ADMINISTRATOR}, {HAS_ADMINISTRATOR}, b.since, l.asked_at, l.due_at
    from (select account_id, since from accounts_block where lifted_at is null) b
    full join (select account_id, asked_at, due_at from accounts_lostphone
               where at_portal = scope_portal() and stopped_at is null and done_at is null) l using (account_id)
    join organisations_membership m using (account_id)
    where ($1 is null or m.id = $1) and {HERE} and ({IS_COLLEAGUE} or ({IS_THE_DESKS} and {IS_DESK}))
    order by least(b.since, l.asked_at), m.id
    """,  # noqa: S608
)
LIFT = f"""
    update accounts_block b set lifted_at = now(), lifted_by = scope_account(), how = $2, verified = $3
    from organisations_membership m
    where m.id = $1 and b.account_id = m.account_id and b.lifted_at is null and {HELPED}
    returning b.account_id
"""  # noqa: S608
CONFIRM = f"""
    update accounts_lostphone l
    set confirmed_at = now(), confirmed_by = scope_account(), verified = $2,
        due_at = now() + p.lost_phone_hours * interval '1 hour'
    from organisations_membership m join portals_portal p on p.id = m.portal
    where m.id = $1 and l.account_id = m.account_id and l.at_portal = m.portal and l.confirmed_at is null
      and l.stopped_at is null and l.done_at is null and {HELPED}
    returning l.account_id, l.id, l.due_at
"""  # noqa: S608
# At the insurer of this company: an account is the same everywhere, its sessions elsewhere are nobody's matter here.
SIGN_OUT = f"""
    delete from accounts_opensession s using organisations_membership m
    where m.id = $1 and s.account_id = m.account_id and s.at_portal = m.portal and {HELPED}
    returning s.key::text
"""  # noqa: S608

VISITORS = ("public", "account", "member", "staff")

# What is kept about a person here, in the portal of the scope: of who is signed in the own, whatever account is named.
# Who gave a right, invited or answered is somebody else's name and is left out.
OWN = "$1 = coalesce((select scope_account()), $1)"
MINE = f"m.account_id = $1 and m.portal = (select scope_portal()) and {OWN}"
LIFE = f"""
    select 'membership', jsonb_build_object('company', o.name, 'name', m.display_name, 'state', m.state,
                                            'as_administrator', m.as_administrator)
    from organisations_membership m join organisations_organisation o on o.id = m.organisation where {MINE}
    union all
    select 'right', jsonb_build_object('company', o.name, 'right', g."right", 'branch', b.name, 'since', g.granted_at)
    from organisations_membership m
    join organisations_grant g on g.membership_id = m.id and g.organisation = m.organisation
    join organisations_organisation o on o.id = m.organisation
    left join organisations_branch b on b.id = g.branch_id
    where {MINE}
    union all
    select 'invitation', jsonb_build_object('company', o.name, 'name', i.display_name, 'email', i.email,
      'invited', i.invited_at, 'accepted', i.accepted_at, 'declined', i.declined_at, 'withdrawn', i.withdrawn_at)
    from organisations_invitation i
    join organisations_organisation o on o.id = i.organisation
    where i.portal = (select scope_portal()) and {OWN}
      and (lower(i.email) = (select lower(a.email) from accounts_account a where a.id = $1)
           or i.membership_id in (select m.id from organisations_membership m where {MINE}))
    union all
    select 'asked', jsonb_build_object('company', o.name, 'right', r."right", 'why', r.why, 'asked', r.asked_at,
                                       'state', r.state, 'answer', r.answer)
    from organisations_membership m
    join organisations_accessrequest r on r.membership_id = m.id and r.organisation = m.organisation
    join organisations_organisation o on o.id = m.organisation
    where {MINE}
    union all
    select 'key', jsonb_build_object('company', o.name, 'name', t.name, 'begins', t.prefix, 'made', t.made_at,
                                     'until', least(t.expires_at, t.revoked_at), 'used', t.last_used_on)
    from organisations_membership m
    join organisations_apitoken t on t.membership_id = m.id and t.organisation = m.organisation
    join organisations_organisation o on o.id = m.organisation
    where {MINE}
"""  # noqa: S608

# Who closes the account leaves every company, at every insurer, and no name stays. What was done stays, by account.
# A company reads in its own history that a colleague left: the events are those of an administrator's deed.
BY = "scope_account(), case when scope_account() is null then 'privacy.command' else '' end"
HAPPENED = f"""
    insert into core_event (portal, organisation, kind, subject_kind, subject, account, by_system, via, at, before)
      select m.portal, m.organisation, '{{kind}}', 'membership', m.id, {BY},
             case when scope_account() is null then 'command' else 'page' end, now() + p.clock_offset, {{before}}
      from organisations_membership m join portals_portal p on p.id = m.portal
      where m.account_id = $1 and {OWN} and {{where}};
"""  # noqa: S608
HELD_RIGHTS = """
    jsonb_build_object('rights', coalesce(
      (select jsonb_agg(jsonb_build_array(g."right", coalesce(g.branch_id, 0)) order by g."right", g.branch_id)
       from organisations_grant g where g.membership_id = m.id), '[]'::jsonb))"""
LEAVES = f"""
    update organisations_invitation i
      set email = '', display_name = '',
          withdrawn_at = case when {HOLDS} then now() else i.withdrawn_at end
      where {OWN}
        and (lower(i.email) = (select lower(a.email) from accounts_account a where a.id = $1)
             or i.membership_id in (select m.id from organisations_membership m where m.account_id = $1));
    {HAPPENED.format(kind="membership.ended", before=HELD_RIGHTS, where="m.state = 'active'")}
    delete from organisations_grant g using organisations_membership m
      where g.membership_id = m.id and g.organisation = m.organisation and m.account_id = $1 and {OWN};
    update organisations_accessrequest r
      set why = '', answer = '',
          state = case r.state when 'open' then 'withdrawn' else r.state end,
          decided_at = case r.state when 'open' then now() + p.clock_offset else r.decided_at end
      from organisations_membership m join portals_portal p on p.id = m.portal
      where r.membership_id = m.id and r.organisation = m.organisation and m.account_id = $1 and {OWN};
    update organisations_apitoken t set revoked_at = now()
      from organisations_membership m
      where t.membership_id = m.id and t.organisation = m.organisation and t.revoked_at is null
        and m.account_id = $1 and {OWN};
    {HAPPENED.format(kind="membership.erased", before="null", where="m.erased_at is null")}
    update organisations_membership m
      set state = 'ended', display_name = '', erased_at = coalesce(m.erased_at, now() + p.clock_offset)
      from portals_portal p where p.id = m.portal and m.account_id = $1 and {OWN};
"""  # noqa: S608
# Whether a company, or somebody of it, is under a legal hold of its insurer: asked before a name is forgotten.
HELD_HERE = """
    select exists (select from portals_legalhold h
                   where h.portal = (select scope_portal()) and h.ended_at is null
                     and (h.company = $1 or h.account = $2
                          and exists (select from organisations_membership m
                                      where m.organisation = $1 and m.account_id = $2)))
      and $1 = coalesce((select scope_organisation()), $1)
"""

# Whose account number this is, of those who work here: for who gives rights there. The insurer's people who look up
# customers ask it of any company.
OF_NUMBER = f"""
    select m.organisation, m.id from organisations_membership m
    join accounts_account a on a.id = m.account_id
    where a.number = $1 and {HERE}
      and case when scope_organisation() is null then {LOOKS_UP} or {IS_COLLEAGUE}
               else m.organisation = scope_organisation() and {IS_COLLEAGUE} end
    order by m.id
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial"), ("core", "0002_wall")]

    operations = [
        migrations.RunSQL(PORTAL_STAYS, "drop function portal_stays()"),
        migrations.RunSQL(ORGANISATION, migrations.RunSQL.noop),
        *wall.walled("organisations_branch", member="r", agent="r", staff="raw", system="raw", parent=True),
        *wall.walled("organisations_membership", member="rw", staff="raw", system="raw", parent=True),
        *wall.walled(
            "organisations_grant",
            member="rad",
            staff="rad",
            system="rad",
            parents={"membership_id": "organisations_membership", "branch_id": "organisations_branch"},
        ),
        *wall.walled(
            "organisations_party",
            member="raw",
            staff="raw",
            system="raw",
            parents={"branch": "organisations_branch", "merged_into": "organisations_party"},
            parent=True,
        ),
        *wall.withheld("organisations_party", "people"),
        *wall.walled(
            "organisations_apitoken",
            member="raw",
            system="r",
            parents={"membership_id": "organisations_membership"},
            parent=True,
        ),
        *wall.walled(
            "organisations_invitation",
            member="raw",
            staff="raw",
            system="rw",
            parents={"membership_id": "organisations_membership"},
            parent=True,
        ),
        *wall.walled(
            "organisations_accessrequest",
            member="raw",
            staff="raw",
            system="rw",
            parents={"membership_id": "organisations_membership", "branch_id": "organisations_branch"},
            parent=True,
        ),
        *wall.belongs_to_organisation(
            "core_event",
            "core_lookupkey",
            "organisations_branch",
            "organisations_membership",
            "organisations_grant",
            "organisations_party",
            "organisations_apitoken",
            "organisations_invitation",
            "organisations_accessrequest",
        ),
        *searched(
            "organisations_organisation",
            Keys("company", named("r.name"), ("name",), where="r.kind <> 'insurer'", organisation="r.id"),
            Keys("kvk", numbered("r.kvk"), ("kvk",), where="r.kind <> 'insurer'", organisation="r.id"),
        ),
        *searched(
            "organisations_branch",
            Keys("establishment", numbered("r.establishment_number"), ("establishment_number",), branch="r.id"),
            Keys("relation", numbered("r.relation_key"), ("relation_key",), branch="r.id"),
            Keys("branch", named("r.name"), ("name",), branch="r.id"),
        ),
        *searched(
            "organisations_membership",
            Keys("person", named("r.display_name"), ("display_name", "state"), where="r.state = 'active'"),
        ),
        *searched(
            "organisations_party",
            Keys(
                "party",
                f"{named('r.name')} union {numbered('r.reference_key')} union {numbered('r.kvk')}",
                ("name", "reference_key", "kvk"),
                where="r.erased_at is null",
                particulars="people",
            ),
        ),
        # A number is told, and the person looked up.
        wall.door(
            "colleague_of_number(number text)",
            "table (organisation bigint, membership bigint)",
            OF_NUMBER,
            kinds=("member", "staff"),
        ),
        # Before a company is chosen there is no company to scope by; this opens the caller's own memberships only.
        memberships("own_memberships()", "(select scope_account())", "account"),
        # A job that goes on for somebody knows the account from the row of its work.
        memberships("memberships_of(account bigint)", "$1", "system"),
        # A program has nothing but its key.
        wall.door("api_token(secret_sha text, address text)", *TOKEN, kinds=("public",)),
        # Who was invited holds a secret and nothing else.
        wall.door("invitation_shown(secret_sha text)", *INVITATION, kinds=VISITORS),
        wall.door(
            "invitation_accept(secret_sha text, account bigint)",
            "table (organisation bigint, membership bigint, portal bigint, event bigint)",
            ACCEPT,
            kinds=VISITORS[1:],
            volatile=True,
        ),
        wall.door("invitation_decline(secret_sha text)", "void", DECLINE, kinds=VISITORS, volatile=True),
        wall.door("invitation_ask_again(secret_sha text)", "void", ASK_AGAIN, kinds=VISITORS, volatile=True),
        # What is told to a person by mail is told by a job.
        wall.door("mailbox_of(account bigint)", "table (address text, language text)", MAILBOX, kinds=("system",)),
        wall.door(
            "mailbox_of_former(of_membership bigint)",
            "table (address text, language text)",
            MAILBOX_OF_FORMER,
            kinds=("system",),
        ),
        # A refusal offers to write to who can give what is missing.
        wall.door(
            "mailboxes_of_administrators(company bigint)",
            "table (membership bigint, address text)",
            ADMINISTRATORS,
            kinds=("member", "staff"),
        ),
        wall.door("address_of_colleague(membership bigint)", "text", ADDRESS_OF_COLLEAGUE, kinds=("member", "staff")),
        # Who works here already is not invited.
        wall.door("works_here(company bigint, address text)", "boolean", WORKS_HERE, kinds=("member", "staff")),
        # Who decides about others may do so apart from everyday work.
        wall.door("membership_apart(company bigint)", "bigint", APART, kinds=("member", "staff"), volatile=True),
        # Who cannot get in is told to who may help, and who helps says so.
        wall.door("locked_out(of_membership bigint)", *LOCKED_OUT, kinds=("member", "staff")),
        wall.door(
            "block_lift(of_membership bigint, how text, verified text)",
            "bigint",
            LIFT,
            kinds=("member", "staff"),
            volatile=True,
        ),
        wall.door(
            "lost_phone_confirm(of_membership bigint, verified text)",
            "table (account bigint, lost_phone bigint, due_at timestamptz)",
            CONFIRM,
            kinds=("member", "staff"),
            volatile=True,
        ),
        # And ends the sessions of whom one may help.
        wall.door(
            "sessions_end(of_membership bigint)",
            "table (key text)",
            SIGN_OUT,
            kinds=("member", "staff"),
            volatile=True,
        ),
        # What an office did for a company says who did it.
        wall.door(
            "names_of_offices(company bigint, accounts bigint[])",
            "table (account bigint, name text, office bigint, office_name text)",
            NAMES_OF_OFFICES,
            kinds=("member", "agent", "staff", "system"),
        ),
        # A person is told what is kept, and forgotten.
        wall.door(
            "own_company_life(person bigint)",
            "table (section text, said jsonb)",
            LIFE,
            kinds=("account", "member", "staff", "system"),
        ),
        wall.door("person_leaves(person bigint)", "void", LEAVES, kinds=("account", "system"), volatile=True),
        wall.door("held_here(company bigint, person bigint)", "boolean", HELD_HERE, kinds=("member", "staff")),
        # What is let go of by time asks which mails may not be.
        wall.door("addresses_held()", "table (account bigint, address text)", HELD, kinds=("system",)),
        # A book that moves out names its people by their address.
        wall.door("addresses_of_members()", "table (account bigint, address text)", ADDRESSES, kinds=("system",)),
    ]
