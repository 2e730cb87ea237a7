from datetime import timedelta

from remise.accounts.models import Account
from remise.core.models import Event
from remise.portals.models import Portal
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor, code_of
from tests.journeys.server import Mailbox


def told(account: Account) -> list[str]:
    found = Event.objects.using(world.OWNER).filter(account=account.pk, subject_kind="account", subject=account.pk)
    return list(found.order_by("id").values_list("kind", flat=True))


def test_f019_what_happens_to_an_account_is_written_down(visitor: Visitor) -> None:
    account = world.account(password=PASSWORD)
    visitor.sign_in(account.email)
    visitor.secret_on_page()
    secret = visitor.couple()
    visitor.post("mfa_generate_recovery_codes")
    visitor.post("account_change_password", oldpassword=PASSWORD, password1="een andere lange zin")
    visitor.post("account_logout")
    visitor.sign_in(account.email, "een andere lange zin")
    visitor.post("mfa_authenticate", code="000000")
    visitor.post("mfa_authenticate", code=code_of(secret, periods=1))
    visitor.post("mfa_deactivate_totp")
    assert told(account) == [
        "account.signed_in",
        "account.authenticator_coupled",
        "account.recovery_codes_renewed",
        "account.password_changed",
        "account.signed_out",
        "account.second_factor_failed",
        "account.signed_in",
        "account.authenticator_removed",
    ]


def test_events_belong_to_the_person_and_no_company(visitor: Visitor) -> None:
    garage = world.garage(at=visitor.portal)
    member = world.member(garage.organisation, rights=["vehicles.view"], password=PASSWORD, coupled=True)
    visitor.sign_in(member.account.email)
    visitor.post("mfa_authenticate", code=code_of())
    visitor.post("account_change_password", oldpassword=PASSWORD, password1="een andere lange zin")
    events = Event.objects.using(world.OWNER).filter(account=member.account_id)
    seen = {(event.kind, event.portal, event.organisation) for event in events}
    assert seen == {
        ("account.signed_in", visitor.portal.id, None),
        ("account.password_changed", visitor.portal.id, None),
    }
    assert visitor.client.get("/").status_code == 200  # and the company is open afterwards


def test_events_carry_the_business_moment(mailbox: Mailbox) -> None:
    ahead: Portal = world.portal(offset=timedelta(days=40))
    account = world.account(password=PASSWORD)
    Visitor(ahead, mailbox).sign_in(account.email)
    event = Event.objects.using(world.OWNER).get(account=account.pk)
    assert timedelta(days=39) < event.at - event.recorded_at < timedelta(days=41)


def test_reset_and_confirmation_are_written_down(visitor: Visitor) -> None:
    email = f"nieuw-{world.unique()}@example.test"
    visitor.sign_up(email)
    visitor.activate(email)
    account = Account.objects.using(world.OWNER).get(email=email)
    visitor.post("account_reset_password", email=email)
    form = visitor.client.get(visitor.follow_mail(email))["Location"]
    visitor.client.post(form, {"password1": "een andere lange zin"})
    assert told(account) == ["account.confirmed", "account.password_reset", "account.signed_in"]
