from django.db import migrations

from remise.core import wall

# A hold is of a company of this portal, or of an account; the table lies below both rooms.
HOLDS = [
    "alter table portals_legalhold add constraint portals_legalhold_company_owned"
    " foreign key (company, portal) references organisations_organisation (id, portal)",
    "alter table portals_legalhold add constraint portals_legalhold_account"
    " foreign key (account) references accounts_account (id)",
]

OWN = "$1 = coalesce((select scope_account()), $1)"
# Everything a person did in this portal, the newest first. Numbers and words of ours: an event holds no name.
DEEDS = f"""
    select 'deed', jsonb_build_object('at', e.at, 'what', e.kind, 'company', o.name, 'about', e.subject_kind,
                                      'number', e.subject, 'via', e.via)
    from core_event e left join organisations_organisation o on o.id = e.organisation
    where e.account = $1 and e.portal = (select scope_portal()) and {OWN}
    order by e.id desc
"""  # noqa: S608
# What stands in the way of closing an account, at every insurer: it is the person's own, and nobody else is told.
# Of two at once, and of two administrators who both leave, the second waits and finds how it stands then.
HINDERED = f"""
    select a.id from accounts_account a where a.id = $1 and {OWN} for update;
    select m.id from organisations_membership m
      where {OWN} and m.organisation in (
        select own.organisation from organisations_membership own where own.account_id = $1 and own.state = 'active')
      order by m.id for no key update;
    select 'gone', '', '', ''
      from accounts_person p where p.account_id = $1 and p.erased_at is not null and {OWN}
    union all
    select distinct 'held', '', h.name, (select host.host from portals_portalhost host where host.portal_id = h.id
                                         order by host.id limit 1)
      from portals_portal h join portals_legalhold l on l.portal = h.id
      where l.ended_at is null and {OWN}
        and (l.account = $1 or exists (select from organisations_membership m
                                       where m.account_id = $1 and m.organisation = l.company))
    union all
    -- An insurer brought the password: whoever knows it closes nothing at the others before the mailbox has spoken.
    select 'unproven', '', '', '' from accounts_account a
      where a.id = $1 and a.vouched_by is not null and a.id = (select scope_account())
    union all
    select distinct 'last', o.name, p.name, (select host.host from portals_portalhost host where host.portal_id = p.id
                                             order by host.id limit 1)
      from organisations_membership m
      join organisations_organisation o on o.id = m.organisation
      join portals_portal p on p.id = m.portal
      join organisations_grant g on g.membership_id = m.id and g."right" = 'users.manage' and g.branch_id is null
      where m.account_id = $1 and m.state = 'active' and {OWN}
        and not exists (
          select from organisations_membership other
          join organisations_grant theirs on theirs.membership_id = other.id and theirs."right" = 'users.manage'
            and theirs.branch_id is null
          where other.organisation = m.organisation and other.account_id <> $1 and other.state = 'active')
"""  # noqa: S608
KNOWN = """
    select a.id from accounts_account a
    where lower(a.email) = lower($1)
      and (exists (select from organisations_membership m
                   where m.account_id = a.id and m.portal = (select scope_portal()))
           or not exists (select from organisations_membership m where m.account_id = a.id))
"""
# An insurer's people name whom they hold by the address; only who works or worked for a company of theirs is found.
HELD_PERSON = """
    select a.id from accounts_account a
    where lower(a.email) = lower($1)
      and exists (select from organisations_membership m
                  where m.account_id = a.id and m.portal = (select scope_portal()))
"""
PEOPLE_HELD = """
    select h.id, coalesce(o.name, a.email)
    from portals_legalhold h
    left join organisations_organisation o on o.id = h.company
    left join accounts_account a on a.id = h.account
    where h.portal = (select scope_portal())
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portals", "0002_wall"),
        ("accounts", "0002_wall"),
        ("organisations", "0002_wall"),
        ("core", "0002_wall"),
    ]

    operations = [
        migrations.RunSQL(HOLDS, migrations.RunSQL.noop),
        wall.door(
            "own_deeds(person bigint)",
            "table (section text, said jsonb)",
            DEEDS,
            kinds=("account", "member", "staff", "system"),
        ),
        wall.door(
            "person_hindered(person bigint)",
            "table (kind text, company text, portal text, host text)",
            HINDERED,
            kinds=("account", "system"),
            volatile=True,
        ),
        wall.door("person_known(address text)", "bigint", KNOWN, kinds=("system",)),
        wall.door("held_person(address text)", "bigint", HELD_PERSON, kinds=("staff",)),
        wall.door("people_held()", "table (hold bigint, shown text)", PEOPLE_HELD, kinds=("staff",)),
    ]
