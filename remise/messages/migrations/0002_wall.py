from django.db import migrations

from remise.core import wall

OURS = "mail.portal = scope_portal() and mail.state in ('refused', 'given_up') and mail.forgotten_at is null"
# `<> 'sent'` is the condition of the index.
LETTER = f"""
      select mail.id as number, mail.kind::text, mail.recipient::text, mail.subject::text, mail.state::text,
        mail.fault::text, mail.attempts, mail.settled_at, mail.secret,
        (select count(*) from messages_mail mail where {OURS} and mail.state <> 'sent')
      from messages_mail mail where {OURS} and mail.state <> 'sent'"""  # noqa: S608
# A page of the list, newest first: what lies below a number, or what lies above one.
NOT_DELIVERED = f"""
    select * from (
      ({LETTER} and above is null and mail.id < coalesce(below, {2**63 - 1}) order by mail.id desc limit size)
      union all ({LETTER} and mail.id > above order by mail.id limit size)) found
    order by number desc"""  # noqa: S608
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
        "mails_not_delivered(below bigint, above bigint, size integer)",
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
    select g.id, g.at, m.language, case when g.document_id = any (m.attached) then m.state else 'withdrawn' end,
           m.settled_at,
           case when m.recipient = '' then ''
                else left(m.recipient, 1) || '…@' || substr(m.recipient, strpos(m.recipient, '@') + 1) end
    from messages_mailing g
    join messages_mail m on m.reference = g.mail
    where g.organisation = (select scope_organisation()) and g.about = $1 and g.subject = $2
    order by g.id desc
    limit 20
"""
# What has not gone yet goes no more. Of `messages_mail m`.
LET_GO = """
    recipient = '', subject = '', text = '', html = '', forgotten_at = now(),
    attached = case m.state when 'waiting' then '{}' else m.attached end,
    settled_at = coalesce(m.settled_at, now()),
    state = case m.state when 'waiting' then 'withdrawn' else m.state end
"""
# Who a company erases is forgotten in what is mailed from its pages; what an insurer holds stays.
FORGET_ADDRESS = f"""
    update messages_mail m set {LET_GO}
    from messages_mailing g
    where g.mail = m.reference and g.portal = m.portal and g.organisation = company
      and g.portal = scope_portal() and company = coalesce(scope_organisation(), company)
      and lower(m.recipient) = lower(address) and m.recipient <> ''
      and not exists (select from portals_legalhold h
                      where h.portal = g.portal and h.ended_at is null
                        and (h.company = g.organisation or h.account = g.account))
"""  # noqa: S608
# What is worth nothing any more goes to nobody: it is taken out of the mails that have not gone, and a mail with
# nothing left in it is withdrawn. One that is being sent at this moment has its lock (sending) and is left to say how
# that went: `sending` looks at what is worth anything before each attempt. A member does so in the own company only.
WITHDRAW = """
    with enclosing as materialized (
      select m.id, m.reference, m.attached, array_agg(g.document_id) as gone
      from messages_mailing g
      join messages_mail m on m.reference = g.mail and m.portal = g.portal
      where g.portal = scope_portal() and g.organisation = coalesce(scope_organisation(), company)
        and g.organisation = company and g.about = what and g.subject = number
        and m.state in ('waiting', 'refused', 'given_up') and g.document_id = any (m.attached)
      group by m.id
    ),
    held as materialized (
      select id, attached, gone from enclosing
      where pg_try_advisory_xact_lock(hashtextextended('mail ' || reference, 0))
    )
    update messages_mail mail
    set attached = left_over.documents,
        state = case when cardinality(left_over.documents) = 0 then 'withdrawn' else mail.state end,
        settled_at = case when cardinality(left_over.documents) = 0 then coalesce(mail.settled_at, now())
                     else mail.settled_at end
    from held, lateral (
      select coalesce(array_agg(one order by place), '{}') as documents
      from unnest(held.attached) with ordinality as each (one, place) where one <> all (held.gone)
    ) left_over
    where mail.id = held.id and mail.state in ('waiting', 'refused', 'given_up')
    returning mail.id
"""

# Whose address a mail goes to is kept beside it, when it is written and when the address becomes another one: what was
# written to a former address is found, and who has that address by now is not told it.
WHOSE = """
begin
  new.account := (select a.id from accounts_account a where lower(a.email) = lower(new.recipient));
  return new;
end
"""
MOVED_OUT = """
begin
  update messages_mail m set account = old.id
    where m.account is null and m.recipient <> '' and lower(m.recipient) = lower(old.email);
  return null;
end
"""
FOLLOW = """
create trigger whose_mail before insert on messages_mail for each row execute function mail_whose();
create trigger mails_of_former_address after update of email on accounts_account
  for each row when (lower(old.email) <> lower(new.email)) execute function mails_moved_out();
"""
UNFOLLOW = "drop trigger whose_mail on messages_mail; drop trigger mails_of_former_address on accounts_account"
TO_PERSON = """(m.account = $1 or m.account is null
           and lower(m.recipient) = (select lower(a.email) from accounts_account a where a.id = $1))"""
# The mails to a person, in the portal of the scope. What they say may name colleagues: their names are left out.
OWN = "$1 = coalesce((select scope_account()), $1)"
NAMES = r"""
    select '(' || string_agg(distinct regexp_replace(other.display_name, '(\W)', '\\\1', 'g'), '|') || ')' as pattern
    from organisations_membership own
    join organisations_membership other on other.organisation = own.organisation and other.account_id <> $1
    where own.account_id = $1 and own.portal = (select scope_portal()) and other.display_name <> ''
"""
MAILS = f"""
    (select 'mail', jsonb_build_object('kind', m.kind, 'at', m.written_at, 'state', m.state, 'language', m.language,
      'subject', regexp_replace(m.subject, coalesce(n.pattern, '(?!)'), '[…]', 'g'),
      'text', regexp_replace(m.text, coalesce(n.pattern, '(?!)'), '[…]', 'g'))
    from messages_mail m cross join ({NAMES}) n
    where m.portal = (select scope_portal()) and {OWN} and m.recipient <> '' and not m.secret
      and {TO_PERSON}
    order by m.id)
    union all
    (select 'mailed', jsonb_build_object('company', o.name, 'at', g.at, 'about', g.about)
    from messages_mailing g join organisations_organisation o on o.id = g.organisation
    where g.account = $1 and g.portal = (select scope_portal()) and {OWN}
    order by g.id)
"""  # noqa: S608
# What was written to a person is emptied at every insurer; what has not gone goes no more.
FORGET = f"""
    update messages_mail m
      set {LET_GO}
      where {OWN} and m.recipient <> '' and {TO_PERSON};
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("remise_messages", "0001_initial"),
        ("core", "0002_wall"),
        ("documents", "0002_wall"),
        ("organisations", "0002_wall"),
        ("accounts", "0002_wall"),
    ]

    operations = [
        *wall.own_portal("messages_mail", public="a", account="a", member="a", agent="a", staff="a", system="raw"),
        *DOORS,
        wall.door("mail_whose()", "trigger", WHOSE, volatile=True, language="plpgsql"),
        wall.door("mails_moved_out()", "trigger", MOVED_OUT, volatile=True, language="plpgsql"),
        migrations.RunSQL(FOLLOW, UNFOLLOW),
        *wall.walled("messages_mailing", member="ra", system="ra", parents={"document_id": "documents_document"}),
        *wall.belongs_to_organisation("messages_mailing"),
        wall.door(
            "mailings_about(about text, subject bigint)",
            "table (mailing bigint, at timestamptz, language text, state text, settled_at timestamptz, shown text)",
            MAILINGS,
            kinds=("member",),
        ),
        wall.door(
            "own_mails(person bigint)",
            "table (section text, said jsonb)",
            MAILS,
            kinds=("account", "member", "staff", "system"),
        ),
        wall.door(
            "mails_forget_address(company bigint, address text)",
            "void",
            FORGET_ADDRESS,
            kinds=("member", "system"),
            volatile=True,
        ),
        wall.door("mails_to_forget(person bigint)", "void", FORGET, kinds=("account", "system"), volatile=True),
        wall.door(
            "mails_withdraw(company bigint, what text, number bigint)",
            "setof bigint",
            WITHDRAW,
            kinds=("member", "staff", "system"),
            volatile=True,
        ),
    ]
