from django.db import migrations

from remise.core import wall

OURS = "mail.portal = scope_portal() and mail.state in ('refused', 'given_up') and mail.forgotten_at is null"
# `<> 'sent'` is the condition of the index.
NOT_DELIVERED = f"""
    select mail.id, mail.kind::text, mail.recipient::text, mail.subject::text, mail.state::text, mail.fault::text,
      mail.attempts, mail.settled_at, mail.secret, count(*) over ()
    from messages_mail mail where {OURS} and mail.state <> 'sent' order by mail.id desc limit size"""  # noqa: S608
# Of two who ask at once the second waits for the row and then finds it changed.
PUT_BACK = f"""
    update messages_mail mail set state = 'waiting', settled_at = null, attempts = 0, fault = ''
    where mail.id = number and {OURS} returning mail.reference"""  # noqa: S608
LET_GO = f"""
    update messages_mail mail set recipient = '', subject = '', text = '', html = '', forgotten_at = now()
    where mail.id = number and {OURS} returning mail.reference"""  # noqa: S608
KNOWN = "select exists (select from messages_mail mail where mail.id = number and mail.portal = scope_portal())"

DOORS = [
    wall.door(
        "mails_not_delivered(size integer)",
        "table (mail bigint, kind text, recipient text, subject text, state text, fault text, attempts integer,"
        " settled_at timestamptz, secret boolean, total bigint)",
        NOT_DELIVERED,
        kinds=("staff",),
    ),
    wall.door("mail_known(number bigint)", "boolean", KNOWN, kinds=("staff",)),
    wall.door("mail_put_back(number bigint)", "setof uuid", PUT_BACK, kinds=("staff",), volatile=True),
    wall.door("mail_let_go(number bigint)", "setof uuid", LET_GO, kinds=("staff",), volatile=True),
]
# How what was mailed about a thing fared. Nobody reads the outbox itself: it holds what others were told. Of the
# address comes what tells two people apart, and nothing once it was let go of.
MAILINGS = """
    select g.id, g.at, m.language, m.state, m.settled_at,
           case when m.recipient = '' then ''
                else left(m.recipient, 1) || '…@' || substr(m.recipient, strpos(m.recipient, '@') + 1) end
    from messages_mailing g
    join messages_mail m on m.reference = g.mail
    where g.organisation = (select scope_organisation()) and g.about = $1 and g.subject = $2
    order by g.id desc
    limit 20
"""


class Migration(migrations.Migration):
    dependencies = [
        ("remise_messages", "0001_initial"),
        ("core", "0002_wall"),
        ("documents", "0002_wall"),
        ("organisations", "0002_wall"),
    ]

    operations = [
        *wall.own_portal("messages_mail", public="a", account="a", member="a", agent="a", staff="a", system="raw"),
        *DOORS,
        *wall.walled("messages_mailing", member="ra", system="r", parents={"document_id": "documents_document"}),
        *wall.belongs_to_organisation("messages_mailing"),
        wall.door(
            "mailings_about(about text, subject bigint)",
            "table (mailing bigint, at timestamptz, language text, state text, settled_at timestamptz, shown text)",
            MAILINGS,
            kinds=("member",),
        ),
    ]
