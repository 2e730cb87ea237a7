from django.db import migrations

from remise.core import wall

# What an application says of a person and a company.
PARTICULARS = (
    *("company_name", "kvk", "policy_number", "intermediary_number", "surname", "given_name", "initials", "infix"),
    *("gender", "email", "phone", "message", "answer"),
)

# Who asked, as the account says it: the address only where the mailbox was proven. For the one job that looks a
# request up, and for the mail with the answer.
ASKER = """
    select a.email::text, a.language::text
    from onboarding_linkrequest r
    join accounts_account a on a.id = r.account_id and a.is_active
    join account_emailaddress e on e.user_id = a.id and e.email = a.email and e.verified
    where r.id = $1 and r.portal = scope_portal() and coalesce(a.vouched_by, r.portal) = r.portal
"""
# The company, or the insurer's desk where nobody there answers, said yes: who asked works there from now on. Who left
# comes back. The caller holds the row (actions.linking), so that two make one colleague.
JOIN = """
    with asked as (
      select c.* from onboarding_linkcase c
      join accounts_account opened on opened.id = c.account and opened.is_active
      where c.id = $1 and c.portal = scope_portal() and c.state = 'open'
        and c.organisation = coalesce(scope_organisation(), c.organisation)
        and (scope_organisation() is not null or c.due_at is not null)
    ), back as (
      update organisations_membership m
      set state = 'active', erased_at = null,
          display_name = case m.state when 'active' then m.display_name else a.name end
      from asked a
      where m.account_id = a.account and m.organisation = a.organisation and not m.as_administrator
      returning m.id
    ), new as (
      insert into organisations_membership
        (portal, organisation, account_id, as_administrator, display_name, state)
      select a.portal, a.organisation, a.account, false, a.name, 'active' from asked a
      where not exists (select from organisations_membership m
                        where m.account_id = a.account and m.organisation = a.organisation
                          and not m.as_administrator)
      on conflict do nothing
      returning id
    )
    select id from back union all select id from new
"""

# Who asked asks no longer. The own row first, as who looks it up locks it; each statement sees what the one before it
# waited for. What the company answered a moment ago stays. Alike whether there is such a company or not.
MINE = "r.id = $1 and r.account_id = (select scope_account()) and r.portal = (select scope_portal())"
WAITS = "r.state = 'open' and r.expires_at > now() + p.clock_offset"
WITHDRAW = f"""
    select from onboarding_linkrequest r where {MINE} for update;
    with over as (
      update onboarding_linkcase c
      set requests = case cardinality(c.requests) when 1 then c.requests else array_remove(c.requests, $1) end,
          state = case cardinality(c.requests) when 1 then 'withdrawn' else c.state end,
          assignee = case cardinality(c.requests) when 1 then null else c.assignee end,
          decided_at = case cardinality(c.requests) when 1 then now() + p.clock_offset end
      from onboarding_linkrequest r join portals_portal p on p.id = r.portal
      where {MINE} and {WAITS}
        and c.account = r.account_id and c.portal = r.portal and c.state = 'open' and $1 = any (c.requests)
      returning c.*
    )
    insert into core_event (portal, organisation, kind, subject_kind, subject, account, by_system, via, at, after)
    select o.portal, o.organisation, 'link.withdrawn', 'link', o.id, o.account, '', 'page', o.decided_at, '{{}}'
    from over o where o.state = 'withdrawn';
    update onboarding_linkrequest r set state = 'withdrawn', number = '', name = '', decided_at = now() + p.clock_offset
    from portals_portal p
    where p.id = r.portal and {MINE} and {WAITS}
      and not exists (select from onboarding_linkcase c
                      where c.account = r.account_id and c.portal = r.portal and $1 = any (c.requests)
                        and c.state in ('approved', 'declined'));
    select r.state::text from onboarding_linkrequest r where {MINE}
"""  # noqa: S608

# What a person asked to come in: by the address that was typed, or with the account. Anybody can type an address, and
# somebody else's words beside it: they are told to who opened the invitation that came of them, by the mailbox. Of the
# others it is told that this address stands there.
OWN = "$1 = coalesce((select scope_account()), $1)"
ADDRESS = "(select lower(a.email) from accounts_account a where a.id = $1)"
OPENED = """exists (select from organisations_invitation i join organisations_membership m on m.id = i.membership_id
                  where i.id = a.invitation and i.accepted_at is not null and m.account_id = $1)"""
WORDS = "'company', a.company_name, " + ", ".join(
    f"'{name}', a.{name}" for name in ("given_name", "infix", "surname", "initials", "gender", "phone", "message")
)
WISHES = f"""
    select 'application',
      jsonb_build_object('reference', a.reference, 'kind', a.kind, 'email', a.email, 'state', a.state)
      || case when {OPENED} then jsonb_build_object({WORDS}) else '{{}}' end
    from onboarding_application a
    where a.portal = (select scope_portal()) and {OWN} and a.email <> '' and (lower(a.email) = {ADDRESS} or {OPENED})
    union all
    select 'link', jsonb_build_object('by', r.by, 'name', r.name, 'company', r.company_name, 'state', r.state,
                                      'answer', r.answer)
    from onboarding_linkrequest r where r.account_id = $1 and r.portal = (select scope_portal()) and {OWN}
"""  # noqa: S608
FORGET = f"""
    update onboarding_application a
      set {", ".join(f"{name} = ''" for name in PARTICULARS)}, erased_at = coalesce(a.erased_at, now() + p.clock_offset)
      from portals_portal p where p.id = a.portal and {OWN}
        and (lower(a.email) = {ADDRESS} or {OPENED});
    update onboarding_application a set assignee = null
      where a.assignee = $1 and a.state = 'open' and {OWN};
    update onboarding_linkcase c set assignee = null
      where c.assignee = $1 and c.state = 'open' and {OWN};
    update onboarding_linkcase c
      set name = '', email = '', answer = '',
          assignee = case c.state when 'open' then null else c.assignee end,
          state = case c.state when 'open' then 'expired' else c.state end,
          decided_at = coalesce(c.decided_at, now() + p.clock_offset)
      from portals_portal p where p.id = c.portal and c.account = $1 and {OWN};
    update onboarding_linkrequest r
      set number = '', name = '', answer = '', company_name = '',
          state = case r.state when 'open' then 'expired' else r.state end,
          decided_at = coalesce(r.decided_at, now() + p.clock_offset)
      from portals_portal p where p.id = r.portal and r.account_id = $1 and {OWN};
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0001_initial"),
        ("organisations", "0002_wall"),
        ("accounts", "0002_wall"),
        ("policies", "0002_wall"),
    ]

    operations = [
        # A stranger appends and reads nothing, not even the own.
        *wall.own_portal("onboarding_application", public="a", staff="rw", system="rw"),
        *wall.same_portal("onboarding_application", company="organisations_organisation"),
        # Who asks meets the own ones; the job that looks them up meets those of its portal.
        *wall.own_rows("onboarding_linkrequest", column="account_id", account="ra"),
        *wall.own_portal("onboarding_linkrequest", system="rw"),
        *wall.walled("onboarding_linkcase", member="rw", staff="rw", system="raw", parent=True),
        *wall.belongs_to_organisation("onboarding_linkcase"),
        wall.door(
            "link_asker(request bigint)",
            "table (address text, language text)",
            ASKER,
            kinds=("system",),
        ),
        wall.door(
            "link_withdraw(request bigint)",
            "setof text",
            WITHDRAW,
            kinds=("account", "member", "staff"),
            volatile=True,
        ),
        wall.door(
            "own_wishes(person bigint)",
            "table (section text, said jsonb)",
            WISHES,
            kinds=("account", "member", "staff", "system"),
        ),
        wall.door("wishes_to_forget(person bigint)", "void", FORGET, kinds=("account", "system"), volatile=True),
        wall.door("link_join(number bigint)", "setof bigint", JOIN, kinds=("member", "staff"), volatile=True),
    ]
