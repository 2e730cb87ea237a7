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
        wall.door("account_of_address(address text)", "bigint", ACCOUNT_OF_ADDRESS, kinds=("system",), volatile=True),
        *wall.open_table("django_session", because="asked by its secret key", **SIGN_IN),
    ]
