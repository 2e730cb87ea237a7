from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.text import get_valid_filename
from django.utils.translation import gettext_lazy as _

from remise.core.models import Walled
from remise.portals.models import Portal


class SealKey(models.Model):
    """A portal's key and its certificate. One seals; those before it stay, so that what they sealed can be told.
    Moments of keys are real time."""

    class Origin(models.TextChoices):
        OWN = "own", _("issued by this installation")
        BROUGHT = "brought", _("brought by the insurer")

    portal = models.ForeignKey(Portal, models.PROTECT, db_column="portal")
    origin = models.CharField(max_length=8, choices=Origin)
    certificate = models.TextField()  # PEM
    chain = models.TextField(blank=True)  # PEM of who issued it, up to the root
    private_key = models.TextField()  # PKCS#8, encrypted with FIELD_KEYS
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the certificate
    made_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal"], condition=Q(retired_at__isnull=True), name="documents_sealkey_one_seals"
            ),
        ]

    def __str__(self) -> str:
        return self.fingerprint


class PrintFile(models.Model):
    """What went through a printer for several companies at once, kept by its content until its day: it holds
    addresses. Not sealed; what it was drawn from stands in the room whose it is."""

    portal = models.BigIntegerField(editable=False)
    subject_kind = models.CharField(max_length=30)
    subject = models.BigIntegerField()
    # Tells files about one subject apart, such as all of it and its last part.
    edition = models.CharField(max_length=40, blank=True)
    companies = ArrayField(models.BigIntegerField())  # whose particulars are in it
    pages = models.IntegerField()
    sha256 = models.CharField(max_length=64, null=True)  # noqa: DJ001  # null: it was let go of
    made_at = models.DateTimeField()
    forget_on = models.DateField()
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "subject_kind", "subject", "edition"], name="documents_printfile_once"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex="^[0-9a-f]{64}$", forgotten_at__isnull=True)
                | Q(sha256__isnull=True, forgotten_at__isnull=False),
                name="documents_printfile_there_or_forgotten",
            ),
        ]
        indexes = [
            models.Index(fields=["sha256"], condition=Q(sha256__isnull=False), name="documents_print_by_file"),
            models.Index(
                fields=["portal", "forget_on"], condition=Q(sha256__isnull=False), name="documents_print_forget"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject} {self.edition}".strip()


class Document(Walled):
    """What was printed, or will be as soon as somebody asks: drawn from its snapshot and from nothing else. All of it
    stays as it is; that it was drawn is written once (a trigger holds both)."""

    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=30)
    subject = models.BigIntegerField()
    # Tells documents of one kind about one subject apart, such as before and after a correction.
    edition = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5)
    title = models.CharField(max_length=120)
    number = models.CharField(max_length=40, blank=True)
    snapshot = models.JSONField()  # what is printed, the portal's look and the words in its margin
    as_of = models.DateField(null=True)  # the day that it tells of
    known_at = models.DateTimeField(null=True)  # and what was known of it then
    entries = ArrayField(models.BigIntegerField(), default=list)  # of the ledger, that it rests on
    supersedes = models.ForeignKey(
        "self", models.DO_NOTHING, null=True, db_constraint=False, related_name="superseded_by"
    )
    made_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, null=True)  # noqa: DJ001  # of its file; null until it is drawn
    drawn_at = models.DateTimeField(null=True)  # real time
    sealed_at = models.DateTimeField(null=True)  # real time
    seal = models.ForeignKey(SealKey, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "subject_kind", "subject", "language", "edition"],
                name="documents_document_once",
            ),
            models.CheckConstraint(
                condition=Q(sha256__isnull=True, drawn_at__isnull=True)
                | Q(sha256__regex="^[0-9a-f]{64}$", drawn_at__isnull=False),
                name="documents_document_drawn",
            ),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True, seal__isnull=True)
                | Q(sealed_at__isnull=False, seal__isnull=False, sha256__isnull=False),
                name="documents_document_sealed",
            ),
        ]
        indexes = [
            models.Index(fields=["sha256"], condition=Q(sha256__isnull=False), name="documents_by_file"),
            models.Index(fields=["organisation", "-id"], name="documents_by_organisation"),
            models.Index(fields=["organisation", "subject_kind", "subject"], name="documents_by_subject"),
        ]

    @property
    def is_drawn(self) -> bool:
        return self.sha256 is not None

    @property
    def file_name(self) -> str:
        """As it is saved on somebody's disk: words, number, no particulars."""
        return get_valid_filename(f"{self.title}.pdf".lower().replace(" ", "-"))

    def __str__(self) -> str:
        return self.title
