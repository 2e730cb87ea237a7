"""What the register wrote is let go of in time; what was told stays."""

from remise.core.scope import enter
from remise.demo.state_register import Said, Stand
from remise.notices import tasks
from remise.notices.actions.mending import correct_code, send_again
from tests import jobs, vehicles
from tests.notices.telling import State, code, connected, telling


def refuse(said: Said) -> tuple[str, str] | None:
    return ("check_code", "Vraag Jan") if said["check_code"] == vehicles.CODE else None


def test_words_of_one_that_was_to_be_sent_again_and_withdrawn_go() -> None:
    jobs.forget()
    of = telling()
    held = of.register()
    with connected(Stand(judge=refuse)):
        of.exchange()
    with enter(of.staff.scope):
        send_again(by=of.staff, notice=of.notices(held)[0].id)
    of.undo(held.entry)
    (before,) = of.notices(held)
    assert (before.state, before.words, before.answered_at) == (State.WITHDRAWN, "Vraag Jan", None)
    vehicles.later(of.garage, 731)
    tasks.forget_words.run(portal=of.garage.portal.id)
    assert of.notices(held)[0].words == ""


def test_words_of_settled_notices_go_and_the_rest_stays() -> None:
    jobs.forget()
    of = telling()
    settled, waits = of.register(), of.register()
    with connected(Stand(judge=refuse)):
        of.exchange()
        with enter(of.staff.scope):
            correct_code(by=of.staff, notice=of.notices(settled)[0].id, check_code=code("9999"))
        of.exchange()
    vehicles.later(of.garage, 731)
    for _twice in range(2):
        tasks.forget_words.run(portal=of.garage.portal.id)
    replaced, open_one = of.notices(settled)[0], of.notices(waits)[0]
    assert (replaced.state, replaced.words, replaced.code) == (State.CORRECTED, "", "check_code")
    assert (open_one.state, open_one.words) == (State.REJECTED, "Vraag Jan")
