"""What was typed, as it is asked."""

from collections.abc import Mapping

from remise.fleet.forms import RegisterForm
from remise.fleet.requests.data import LateRegistration
from remise.policies.models import Policy


def late_registration(
    policy: Policy, form: RegisterForm, *, branch: int, details: Mapping[str, str]
) -> LateRegistration:
    """Of a form that is valid."""
    code = form.cleaned_data.get("check_code")
    return LateRegistration(
        policy=policy.id,
        plate=form.cleaned_data["plate"].value,
        day=form.cleaned_data["day"],
        branch=branch,
        check_code=code.value if code else None,
        details=dict(details),
        vin=form.vin.value if form.vin else None,
    )
