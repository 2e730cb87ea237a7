from django.db import migrations

from remise.core import wall


class Migration(migrations.Migration):
    dependencies = [("remise_messages", "0001_initial"), ("core", "0002_wall")]

    operations = wall.own_portal(
        "messages_mail", public="a", account="a", member="a", agent="a", staff="a", system="raw"
    )
