from django.db import migrations

from remise.core import wall

# A visitor who has not signed in votes too: the rows hold no person, and whoever sees the portal may see who helps.
READERS = ("public", "account", "member", "agent", "staff")


class Migration(migrations.Migration):
    dependencies = [("help", "0001_initial"), ("organisations", "0002_wall")]

    operations = [
        *wall.own_portal("help_partner", parent=True, **dict.fromkeys(READERS, "r")),
        # Mails tell whom to call as well, and jobs write some of them.
        *wall.own_portal("help_contact", **dict.fromkeys((*READERS, "system"), "r")),
        *wall.same_portal("help_contact", partner_id="help_partner"),
        *wall.walled("help_companypartner", member="r", agent="r", staff="raw"),
        *wall.same_portal("help_companypartner", partner_id="help_partner"),
        *wall.belongs_to_organisation("help_companypartner"),
        # A command tells a person the own ones, by their marks.
        *wall.own_portal("help_vote", **dict.fromkeys(READERS, "raw") | {"system": "r"}),
        # Who may leave a remark sees nobody's.
        *wall.own_portal("help_comment", **dict.fromkeys(READERS, "a") | {"staff": "raw", "system": "rd"}),
    ]
