from django.db import migrations

from remise.core import wall

SIGN_IN = {"public": "rawd", "account": "rawd", "member": "rawd", "agent": "rawd", "staff": "rawd"}

# A password that begins with an exclamation mark fits nothing that anybody types.
ACCOUNT_OF_ADDRESS = """
    with known as (select id from accounts_account where lower(email) = lower($1)),
    made as (
      insert into accounts_account (email, password, is_active, language)
      select lower($1), '!' || replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), true, ''
      where not exists (select from known)
      on conflict do nothing
      returning id
    ),
    addressed as (
      insert into account_emailaddress (user_id, email, verified, "primary")
      select id, lower($1), false, true from made
    )
    select id from known union all select id from made
"""

# The password of a former portal, for an account that nobody has opened yet: one that somebody uses is left as it is.
# Its address counts as proven, as it did there; without a password the mailbox proves it here. It does so at the insurer
# that says so and at no other: whoever writes one insurer's book must not open what another one's people have.
FROM_FORMER_PORTAL = """
    with opened as (
      update accounts_account a set password = $2, old_password = true, vouched_by = scope_portal()
      where a.id = $1 and a.password like '!%' and a.last_login is null
        and not exists (select from account_emailaddress e where e.user_id = a.id and e.verified)
      returning a.id
    )
    update account_emailaddress e set verified = true from opened where e.user_id = opened.id
"""
# What a mailed link names: the address of an account that nobody has opened yet.
UNPROVEN_ADDRESS = """
    select e.id from account_emailaddress e
    join accounts_account a on a.id = e.user_id and a.is_active and a.password like '!%'
    join accounts_moved m on m.account_id = a.id and m.portal = scope_portal()
    where a.id = $1 and not e.verified
"""
# Whose particulars: of who is signed in the own ones, whatever account is named; the system names one.
OWN = "$1 = coalesce((select scope_account()), $1)"
TOLD = "table (section text, said jsonb)"
PARTICULARS = f"""
    select 'account', jsonb_build_object('email', a.email, 'language', a.language, 'made', a.created_at,
                                         'signed_in', a.last_login, 'is_active', a.is_active)
    from accounts_account a where a.id = $1 and {OWN}
    union all
    select 'person', jsonb_build_object('given_name', p.given_name, 'infix', p.infix, 'surname', p.surname,
                                        'phone', p.phone)
    from accounts_person p where p.account_id = $1 and {OWN}
    union all
    select 'address', jsonb_build_object('email', e.email, 'confirmed', e.verified)
    from account_emailaddress e where e.user_id = $1 and {OWN}
    union all
    select 'proof', jsonb_build_object('kind', m.type, 'coupled', m.created_at, 'used', m.last_used_at)
    from mfa_authenticator m where m.user_id = $1 and {OWN}
    union all
    select 'device', jsonb_build_object('device', s.device, 'began', s.began_at, 'seen', s.seen_at)
    from accounts_opensession s where s.account_id = $1 and {OWN}
      and s.at_portal is not distinct from (select scope_portal())
    union all
    select 'block', jsonb_build_object('since', b.since, 'lifted', b.lifted_at)
    from accounts_block b where b.account_id = $1 and {OWN}
    union all
    select 'lost_phone', jsonb_build_object('asked', l.asked_at, 'confirmed', l.confirmed_at, 'done', l.done_at)
    from accounts_lostphone l where l.account_id = $1 and l.at_portal = (select scope_portal()) and {OWN}
"""  # noqa: S608
# `.invalid` is nobody's for ever (RFC 2606); the new address has nothing of the old one. A row about the person is
# there from now on, also where there was none: it says when.
FORGET = f"""
    delete from account_emailconfirmation c using account_emailaddress e
      where c.email_address_id = e.id and e.user_id = $1 and {OWN};
    delete from account_emailaddress where user_id = $1 and {OWN};
    delete from mfa_authenticator where user_id = $1 and {OWN};
    delete from accounts_opensession where account_id = $1 and {OWN};
    delete from accounts_lostphone where account_id = $1 and {OWN};
    delete from accounts_block where account_id = $1 and {OWN};
    insert into accounts_person as p (account_id, given_name, infix, surname, phone, erased_at)
      select a.id, '', '', '', '', now() from accounts_account a where a.id = $1 and {OWN}
      on conflict (account_id) do update
        set given_name = '', infix = '', surname = '', phone = '', erased_at = coalesce(p.erased_at, now());
    update accounts_account
      set email = 'erased-' || gen_random_uuid() || '@nobody.invalid', is_active = false, language = '',
          last_login = null,
          password = '!' || replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')
      where id = $1 and is_active and {OWN};
"""  # noqa: S608
# A person who may be joined to a company stays until this is done: who closes the account at this moment waits, or was
# first. It tells nothing, of whatever number.
STAYS = "select from accounts_account a where a.id = $1 for key share"
# In which language who reads this mailbox reads. An address that is nobody's has none, and so has who never chose one.
LANGUAGE_OF = "select nullif(language, '') from accounts_account where lower(email) = lower($1)"
TELLERS = ("account", "member", "staff", "system")
WRITERS = ("public", *TELLERS)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("core", "0002_wall"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        # Sign-in, sign-up and reset meet every account by its address; who is signed in meets the own one.
        *wall.own_rows("accounts_account", column="id", public="raw", account="rw"),
        *wall.own_rows("accounts_person", column="account_id", public="ra", account="raw"),
        *wall.own_rows("mfa_authenticator", column="user_id", public="rw", account="rawd"),
        *wall.own_rows("account_emailaddress", column="user_id", public="rawd", account="rawd"),
        *wall.own_rows(
            "account_emailconfirmation",
            column="email_address_id",
            through="account_emailaddress",
            public="rawd",
            account="rawd",
        ),
        # Sign-in counts wrong passwords of whoever is meant; others learn of a block by doors of the rooms above.
        *wall.own_rows("accounts_block", column="account_id", public="raw", account="rw"),
        *wall.own_rows("accounts_lostphone", column="account_id", public="raw", account="rw"),
        *wall.own_rows("accounts_opensession", column="account_id", public="rawd", account="rawd"),
        wall.door("account_of_address(address text)", "bigint", ACCOUNT_OF_ADDRESS, kinds=("system",), volatile=True),
        *wall.own_portal("accounts_moved", system="ra"),
        wall.door(
            "bring_password(account bigint, hash text)", "void", FROM_FORMER_PORTAL, kinds=("system",), volatile=True
        ),
        wall.door("unproven_address(account bigint)", "bigint", UNPROVEN_ADDRESS, kinds=("system",)),
        wall.door("account_stays(person bigint)", "void", STAYS, kinds=("member", "staff", "system"), volatile=True),
        wall.door("language_of(address text)", "text", LANGUAGE_OF, kinds=WRITERS),
        wall.door("own_account(person bigint)", TOLD, PARTICULARS, kinds=TELLERS),
        wall.door("person_forget(person bigint)", "void", FORGET, kinds=("account", "system"), volatile=True),
        # A command on the server ends the sessions of who is forgotten.
        *wall.open_table("django_session", because="asked by its secret key", **SIGN_IN, system="rd"),
    ]
