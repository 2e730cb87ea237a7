from django.db import models
from django.db.models.functions import Now

from remise.core.models import Walled
from remise.organisations.models import ApiToken


class IdempotencyKey(Walled):
    """A write that a program sent, under the key it gave it, with the answer. Written in the transaction of what was
    done: either both stand or neither. The answer holds particulars, and is let go of after two days."""

    token = models.ForeignKey(ApiToken, models.DO_NOTHING, db_constraint=False, related_name="+")
    key = models.CharField(max_length=255)
    sent_sha = models.CharField(max_length=64)  # of method, address and body
    status = models.SmallIntegerField(null=True)
    content_type = models.CharField(max_length=60, blank=True, default="")
    location = models.CharField(max_length=200, blank=True, default="")
    answer = models.TextField(blank=True, default="")
    at = models.DateTimeField(db_default=Now())  # real time

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "token", "key"], name="api_idempotencykey_once")]
        indexes = [models.Index(fields=["portal", "at"], name="api_idempotencykey_by_age")]

    def __str__(self) -> str:
        return self.key
