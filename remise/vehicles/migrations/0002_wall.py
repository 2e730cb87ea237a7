from django.db import migrations

from remise.core import wall


class Migration(migrations.Migration):
    dependencies = [("vehicles", "0001_initial"), ("core", "0002_wall")]

    operations = wall.open_table(
        "vehicles_vehicle",
        because="what the public register publishes, without owner or insurer",
        member="r",
        agent="r",
        staff="r",
        system="raw",
    )
