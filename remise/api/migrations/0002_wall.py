from django.db import migrations

from remise.core import wall


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial"), ("organisations", "0002_wall")]

    operations = [
        *wall.walled(
            "api_idempotencykey",
            member="rawd",
            system="rwd",
            parents={"token_id": "organisations_apitoken"},
        ),
        *wall.belongs_to_organisation("api_idempotencykey"),
    ]
