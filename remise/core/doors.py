"""Every opening in the wall: functions that run as the owner of the tables, and who may call them.

Each returns only what its page shows. Its SQL stands in the migration of the room whose tables it reads; a test over
the catalogue accepts no door, and no caller of one, that is not named here.
"""

from typing import Any

from django.db import connection

from remise.core.scope import ActorKind

# Who looks at a page that needs no company: nobody yet, or somebody of whichever company.
_VISITORS = (ActorKind.PUBLIC, ActorKind.ACCOUNT, ActorKind.MEMBER, ActorKind.STAFF)
_OPERATORS = frozenset({ActorKind.STAFF, ActorKind.SYSTEM})  # the insurer's people, and a command on the server

# Whose keys triggers keep (core.search.wall).
KEYS_OF = (
    *("company", "kvk", "establishment", "relation", "branch", "person", "party"),
    *("intermediary", "policy", "plate", "card"),
)

DOORS: dict[str, frozenset[ActorKind]] = {
    # The number of the event that this connection wrote last, for who may read none: a job follows it.
    "event_written": frozenset({ActorKind.PUBLIC, ActorKind.ACCOUNT}),
    # The numbers that rows of theirs will have, for who writes many: a sequence itself is granted to nobody.
    **dict.fromkeys(
        ("next_entries", "next_events"),
        frozenset({ActorKind.MEMBER, ActorKind.AGENT, ActorKind.STAFF, ActorKind.SYSTEM}),
    ),
    # The companies that the account of the scope may choose from, before one is chosen.
    "own_memberships": frozenset({ActorKind.ACCOUNT}),
    # The same of any account in the scope's portal: a job goes on for who began it, with the rights of that moment.
    "memberships_of": frozenset({ActorKind.SYSTEM}),
    # Who looks a plate up stores what the register answered; the register's table is written by nobody else.
    "vehicles_keep_answer": frozenset({ActorKind.MEMBER, ActorKind.STAFF, ActorKind.SYSTEM}),
    # Whether a check code is that of the vehicle: a chassis number itself is shown to nobody.
    "vehicles_chassis_verdict": frozenset({ActorKind.MEMBER, ActorKind.STAFF, ActorKind.SYSTEM}),
    # Of which vehicles of a file it can be said.
    "vehicles_chassis_known": frozenset({ActorKind.MEMBER, ActorKind.STAFF, ActorKind.SYSTEM}),
    "vehicles_note_chassis": frozenset({ActorKind.MEMBER, ActorKind.STAFF, ActorKind.SYSTEM}),
    # A number that the insurer's desk goes by no more.
    "vehicles_forget_chassis": frozenset({ActorKind.STAFF}),
    # The days of a policy, kept as they are for who puts something on it: a reader may lock no row.
    "policies_days_held": frozenset({ActorKind.MEMBER, ActorKind.STAFF, ActorKind.SYSTEM}),
    # The next numbers of an insurer's green cards, without a gap.
    "take_card_numbers": frozenset({ActorKind.MEMBER, ActorKind.STAFF, ActorKind.SYSTEM}),
    # The same of the batches in which they are printed for the post.
    "take_batch_number": frozenset({ActorKind.STAFF}),
    # Which files documents name, in whatever portal: what no row names is removed.
    "documents_named": frozenset({ActorKind.SYSTEM}),
    # What is printed on a green card and whether it is worth anything, by the code beside it.
    "check_card": frozenset({ActorKind.PUBLIC}),
    # What an invitation says to who holds its secret: by whom, for which address, whether it still holds.
    "invitation_shown": frozenset(_VISITORS),
    # Who holds the secret works for the company from now on: as the account of the scope, with the rights laid down.
    "invitation_accept": frozenset(_VISITORS) - {ActorKind.PUBLIC},
    # Who holds the secret says no, or asks for a new one after it has expired.
    **dict.fromkeys(("invitation_decline", "invitation_ask_again"), frozenset(_VISITORS)),
    # Whether somebody of an office acts for a client now, and with which rights: with the dates compared, whatever is
    # projected. Asked for the account of the scope, or by the system for what is gone on with.
    "acts_for": frozenset({ActorKind.ACCOUNT, ActorKind.SYSTEM}),
    # What a mandate that was offered by mail says to who holds its secret.
    "mandate_shown": frozenset(_VISITORS),
    # An office takes it on: the one that the number names, or, with the secret, where the account of the scope may.
    "mandate_accept": frozenset(_VISITORS) - {ActorKind.PUBLIC},
    # Who it was offered to says no, or asks for a new mail after it has expired. These and the two below tell which
    # event they wrote, and nothing of what stands in it.
    **dict.fromkeys(("mandate_decline", "mandate_ask_again"), frozenset(_VISITORS)),
    # What is offered to the caller's own company by its number, and what it has taken on; handing that back.
    **dict.fromkeys(("mandates_received", "mandate_hand_back"), frozenset({ActorKind.MEMBER})),
    # The number and tier of the caller's own company, where it is an intermediary.
    "own_intermediary": frozenset({ActorKind.MEMBER, ActorKind.AGENT}),
    # Whom a customer calls about a policy of its own.
    "intermediaries_of_policies": frozenset({ActorKind.MEMBER}),
    # Triggers, called by nobody: whom an office reaches follows from mandates, policies and tiers.
    **dict.fromkeys(
        (
            "reach_follows_mandate",
            "reach_follows_policy",
            "reach_follows_tier",
            "reach_follows_intermediary",
            "reach_follows_name",
        ),
        frozenset[ActorKind](),
    ),
    # Triggers too: whose address a mail goes to, when it is written and when the address becomes another one.
    **dict.fromkeys(("mail_whose", "mails_moved_out"), frozenset[ActorKind]()),
    # And these: by what each thing is found.
    **dict.fromkeys((f"search_follows_{kind}" for kind in KEYS_OF), frozenset[ActorKind]()),
    # Which vehicles have this chassis number, all of it: their plates, for the company acted for.
    "vehicles_of_chassis": frozenset({ActorKind.MEMBER, ActorKind.STAFF}),
    # Which plates of the scope's portal have one chassis number, as their companies know it: never the number.
    "vehicles_of_one_chassis": frozenset({ActorKind.SYSTEM}),
    # Which vehicles of the scope's portal are covered at another insurer too, since when and until when: only where
    # both have an agreement that runs, nothing else of that cover, and each time it is written down for both.
    "covered_elsewhere": frozenset({ActorKind.SYSTEM}),
    # Which other insurers have one too, of those with which the caller's own has one.
    "agreements_answered": frozenset({ActorKind.STAFF}),
    # Which colleague has this account number, for who gives rights in the same company; for the insurer's people of
    # any company.
    "colleague_of_number": frozenset({ActorKind.MEMBER, ActorKind.STAFF}),
    # What begins or ends by the calendar is projected once a day.
    "reach_settle_portal": frozenset({ActorKind.SYSTEM}),
    # Whose key a program shows, by its fingerprint: before there is a company to scope by.
    "api_token": frozenset({ActorKind.PUBLIC}),
    # The number of the account with an address, made where there is none: without a password and with the address
    # unconfirmed, so that only the mailbox opens it. The system reads and writes no account besides.
    "account_of_address": frozenset({ActorKind.SYSTEM}),
    # The password of a former portal for an account that nobody has opened; and what the mailed link to one names.
    **dict.fromkeys(("bring_password", "unproven_address"), frozenset({ActorKind.SYSTEM})),
    # Whom a deed is about closes the account only after it; nothing is told, whatever number is named.
    "account_stays": frozenset({ActorKind.MEMBER, ActorKind.STAFF, ActorKind.SYSTEM}),
    # Where one of those who work for a company of the scope's portal is written to, and in which language.
    "mailbox_of": frozenset({ActorKind.SYSTEM}),
    # The language in which a mail to this address is written; nothing of whose it is.
    "language_of": frozenset(_VISITORS) | {ActorKind.SYSTEM},
    # The same of one whose membership ended: to tell that.
    "mailbox_of_former": frozenset({ActorKind.SYSTEM}),
    # The language in which who asked the desk reads: its answers are written in that one.
    "language_of_asker": frozenset({ActorKind.STAFF}),
    # Whether somebody with this address works in the caller's own company: who does is not invited.
    "works_here": frozenset({ActorKind.MEMBER, ActorKind.STAFF}),
    # The second membership of who administers apart, in a company where the account of the scope works.
    "membership_apart": frozenset({ActorKind.MEMBER, ActorKind.STAFF}),
    # Where those are written to who decide about rights in the caller's own company: asking for one takes one click.
    "mailboxes_of_administrators": frozenset({ActorKind.MEMBER, ActorKind.STAFF}),
    # What a colleague signs in with, for who gives rights in the same company.
    "address_of_colleague": frozenset({ActorKind.MEMBER, ActorKind.STAFF}),
    # Which colleagues of the caller's company cannot sign in (blocked, phone lost), for who gives rights there; which
    # administrators, for the insurer's desk. And the two deeds that let them in again, for nobody oneself.
    **dict.fromkeys(
        ("locked_out", "block_lift", "lost_phone_confirm"), frozenset({ActorKind.MEMBER, ActorKind.STAFF})
    ),
    # The same whom they help are signed out at this insurer: the lines of their sessions go, and name the sessions.
    "sessions_end": frozenset({ActorKind.MEMBER, ActorKind.STAFF}),
    # Who did something for the caller's company from an office: name and office; the insurer asks of any company.
    "names_of_offices": frozenset({ActorKind.MEMBER, ActorKind.AGENT, ActorKind.STAFF, ActorKind.SYSTEM}),
    # The addresses of those who work, or worked, for a company of the scope's portal: for the book that moves out.
    "addresses_of_members": frozenset({ActorKind.SYSTEM}),
    # Who asked to work for a company, with the address whose mailbox was proven: to look it up, and to answer.
    "link_asker": frozenset({ActorKind.SYSTEM}),
    # Who asked asks no longer: the own row, and that of the company where there is one.
    "link_withdraw": frozenset({ActorKind.ACCOUNT, ActorKind.MEMBER, ActorKind.STAFF}),
    # Who asked works for the company from now on: for who answers there, or the desk where nobody can.
    "link_join": frozenset({ActorKind.MEMBER, ActorKind.STAFF}),
    # What is kept about a person in the scope's portal: of who is signed in the own, and for a command on the server
    # of the account it names. Never a secret, and never anybody else's name.
    **dict.fromkeys(
        (
            "own_account",
            "own_company_life",
            "own_mails",
            "own_requests",
            "own_runs",
            "own_shipments",
            "own_deeds",
            "own_wishes",
        ),
        frozenset({ActorKind.ACCOUNT, ActorKind.MEMBER, ActorKind.STAFF, ActorKind.SYSTEM}),
    ),
    # Closing the account of the scope, or of whom a command names: at every insurer, room by room, the account last.
    **dict.fromkeys(
        (
            "person_hindered",
            "mails_to_forget",
            "requests_to_give_back",
            "person_leaves",
            "person_forget",
            "wishes_to_forget",
            "offers_to_forget",
        ),
        frozenset({ActorKind.ACCOUNT, ActorKind.SYSTEM}),
    ),
    # Whom a command means by an address: the account, where it is known in the scope's portal.
    "person_known": frozenset({ActorKind.SYSTEM}),
    # Whether a legal hold keeps a colleague's name from being forgotten.
    "held_here": frozenset({ActorKind.MEMBER, ActorKind.STAFF}),
    # Mails from a company's own pages to the address of a driver or lessee whom it erases are emptied.
    "mails_forget_address": frozenset({ActorKind.MEMBER, ActorKind.SYSTEM}),
    # Whom the insurer's people hold, by the address and in the scope's portal; and what is shown of them.
    **dict.fromkeys(("held_person", "people_held"), frozenset({ActorKind.STAFF})),
    # Account and address of those in the scope's portal of whom nothing may be let go of: to leave their mails.
    "addresses_held": frozenset({ActorKind.SYSTEM}),
    # The jobs of the scope's portal, for its operator: what waits, runs and failed, with ids and no other argument;
    # and how many workers are alive, which is all that a portal learns of the installation (docs/adr/0017).
    **dict.fromkeys(("jobs_waiting", "jobs_running", "jobs_failed", "jobs_workers", "jobs_known"), _OPERATORS),
    # What the operator does with a failed one.
    **dict.fromkeys(("jobs_retry", "jobs_retry_all", "jobs_let_go"), _OPERATORS),
    # Failed jobs that nobody needs to know of any more.
    "jobs_forget": frozenset({ActorKind.SYSTEM}),
    # Mails of the scope's portal that were not delivered, without what they say; and what becomes of one.
    **dict.fromkeys(
        ("mails_not_delivered", "mail_known", "mail_put_back", "mail_let_go"), frozenset({ActorKind.STAFF})
    ),
    # How the mails fared that were sent from this company's pages about one thing; of the address its beginning.
    "mailings_about": frozenset({ActorKind.MEMBER}),
    # What is worth nothing any more goes with no mail of that company that has not gone.
    "mails_withdraw": frozenset({ActorKind.MEMBER, ActorKind.STAFF, ActorKind.SYSTEM}),
    # Defers a job without reading anybody's.
    "procrastinate_defer_jobs_v1": frozenset(ActorKind),
}


def rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a door gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
