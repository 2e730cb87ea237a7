from django.db import migrations

from remise.core import wall

SIGN_IN = {"public": "rawd", "account": "rawd", "member": "rawd", "agent": "rawd", "staff": "rawd"}


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
        *wall.open_table("django_session", because="asked by its secret key", **SIGN_IN),
    ]
