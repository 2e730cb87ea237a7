"""What this room tells a person of what it keeps, and forgets when the account is closed."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from remise.accounts.sessions import SessionStore
from remise.core.doors import rows
from remise.core.particulars import Forgetting, Section, Told, Untold, columns, parts

_part = parts("own_account")

ACCOUNT = Section(
    "accounts.account",
    _("Account"),
    {
        "email": _("E-mail address"),
        "language": _("Language"),
        "made": _("Made on"),
        "signed_in": _("Signed in last"),
        "is_active": _("Works"),
    },
    _part("account"),
    columns("accounts_account", "email"),
)
PERSON = Section(
    "accounts.person",
    _("Particulars"),
    {"given_name": _("First name"), "infix": _("Infix"), "surname": _("Surname"), "phone": _("Phone")},
    _part("person"),
    columns("accounts_person", "account_id", "given_name", "infix", "surname", "phone"),
)
ADDRESSES = Section(
    "accounts.addresses",
    _("E-mail addresses"),
    {"email": _("E-mail address"), "confirmed": _("Confirmed")},
    _part("address"),
    columns("account_emailaddress", "email", "user_id"),
)
PROOFS = Section(
    "accounts.proofs",
    _("What you sign in with"),
    {"kind": _("Kind"), "coupled": _("Since"), "used": _("Last used")},
    _part("proof"),
    columns("mfa_authenticator", "user_id"),
)


def sessions_of(account: int) -> list[Session]:
    """The rows of browsers in which this account is signed in. A row names nobody: whose it is stands inside."""
    store, theirs = SessionStore(), str(account)
    return [row for row in Session.objects.iterator() if store.decode(row.session_data).get(SESSION_KEY) == theirs]


def _browsers(account: int) -> list[Told]:
    return [{"until": row.expire_date} for row in sessions_of(account)]


SESSIONS = Section(
    "accounts.sessions", _("Browsers you are signed in with"), {"until": _("Until")}, _browsers, frozenset()
)
DEVICES = Section(
    "accounts.devices",
    _("Devices you are signed in on"),
    {"device": _("Device"), "began": _("Since"), "seen": _("Last used")},
    _part("device"),
    columns("accounts_opensession", "account_id"),
)
BLOCKS = Section(
    "accounts.blocks",
    _("When your account was blocked"),
    {"since": _("Since"), "lifted": _("Lifted")},
    _part("block"),
    columns("accounts_block", "account_id"),
)
LOST_PHONES = Section(
    "accounts.lost_phones",
    _("Phones you lost"),
    {"asked": _("Asked"), "confirmed": _("Confirmed"), "done": _("Done")},
    _part("lost_phone"),
    columns("accounts_lostphone", "account_id"),
)
SECTIONS = (ACCOUNT, PERSON, ADDRESSES, PROOFS, SESSIONS, DEVICES, BLOCKS, LOST_PHONES)
UNTOLD = Untold(
    "a key to an address that is told; who helped, which is an event; that the account came from a former portal",
    columns("account_emailconfirmation", "email_address_id")
    | columns("accounts_block", "lifted_by")
    | columns("accounts_lostphone", "confirmed_by")
    | columns("accounts_moved", "account_id")
    | columns("accounts_account", "vouched_by"),
)


def forget(account: int) -> None:
    """The address becomes one that receives nothing and tells nothing; whatever one signs in with is gone."""
    rows("select person_forget(%s)", account)
    Session.objects.filter(pk__in=[row.pk for row in sessions_of(account)]).delete()


FORGETTING = Forgetting("accounts", forget)
