from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, GeneratedField, Q, Value
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from remise.accounts.models import Account
from remise.core.models import Walled, by_one
from remise.core.numbers import keyed
from remise.organisations.rights import OrganisationRight
from remise.portals.models import Portal

# An invitation that nobody accepted, declined or withdrew; it may have expired.
NO_ANSWER = Q(accepted_at=None, declined_at=None, withdrawn_at=None)
BY_INSURER = "insurer"  # what the insurer's desk laid down, where a right has to say who gave it


class Organisation(models.Model):
    """A company as one insurer's customer: the same KvK number at two insurers is two rows."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        PERSON = "person", _("Person")
        INTERMEDIARY = "intermediary", _("Intermediary")
        INSURER = "insurer", _("Insurer")

    portal = models.ForeignKey(Portal, models.PROTECT, db_column="portal")
    kind = models.CharField(max_length=12, choices=Kind)
    kvk = models.CharField(max_length=8, null=True)  # noqa: DJ001  # absent is not an empty number: it is unique
    name = models.CharField(max_length=120)
    contact_email = models.CharField(
        max_length=254, blank=True, db_default=""
    )  # the company's, as the insurer knows it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "kvk"],
                name="organisations_organisation_once_per_portal",
                violation_error_message=_("This insurer knows a company with this KvK number already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Branch(Walled):
    """An establishment of a company; the head office is the one without a number."""

    name = models.CharField(max_length=80)
    establishment_number = models.CharField(max_length=12, null=True)  # noqa: DJ001  # null = head office
    relation_number = models.CharField(max_length=20, null=True)  # noqa: DJ001  # null = not linked yet
    relation_key = keyed("relation_number", null=True)
    # Where letters go, as the insurer knows it; the head office's is the company's.
    street = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    town = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "relation_key"],
                name="organisations_branch_relation_number",
                violation_error_message=_("There is a branch with this relation number already."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "establishment_number"],
                nulls_distinct=False,
                name="organisations_branch_one_head_office",
                violation_error_message=_("This company has a branch with this number already, or a head office."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def administrators(self, *organisations: int) -> "MembershipQuerySet":
        """Who decides about rights in these companies now."""
        return self.holding(OrganisationRight.MANAGE_USERS, *organisations)

    def holding(self, right: str, *organisations: int) -> "MembershipQuerySet":
        """Who holds a right in all of one of these companies now; of who administers apart from everyday work the
        membership that holds it (docs/adr/0024)."""
        return self.filter(
            organisation__in=organisations,
            state=Membership.State.ACTIVE,
            held_grants__organisation=F("organisation"),
            held_grants__right=right,
            held_grants__branch=None,
        )


class Membership(Walled):
    """An account works for a company. Colleagues see the display name and never the account behind it; it stands in
    this row alone, and erasing empties it. Who keeps administering apart from everyday work has a second one, with
    rights of its own (docs/adr/0024)."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        ENDED = "ended", _("Ended")

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    as_administrator = models.BooleanField(default=False)
    display_name = models.CharField(max_length=160)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    erased_at = models.DateTimeField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "organisation", "as_administrator"],
                name="organisations_membership_once",
                violation_error_message=_("This person works for this company already."),
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) & ~Q(display_name="")
                | Q(erased_at__isnull=False, display_name="", state="ended"),
                name="organisations_membership_named_until_erased",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name


class Grant(Walled):
    """A right of a member, in one branch or (null) in all."""

    membership = models.ForeignKey(Membership, models.DO_NOTHING, db_constraint=False, related_name="held_grants")
    right = models.CharField(max_length=40)
    branch = models.ForeignKey(Branch, models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    granted_by = models.BigIntegerField(null=True)  # the account
    by_system = models.CharField(max_length=40, blank=True)
    granted_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "right", "branch"],
                nulls_distinct=False,
                name="organisations_grant_once",
            ),
            models.CheckConstraint(condition=by_one("granted_by"), name="organisations_grant_by_one"),
        ]

    def __str__(self) -> str:
        return self.right


class Invitation(Walled):
    """Somebody is asked to work for a company. Who holds the mailbox it was sent to accepts it; its secret is in that
    mail and nowhere else, here is its fingerprint. Moments are real time, as all of security."""

    email = models.CharField(max_length=254, blank=True)  # emptied, as the name, some time after it is over
    display_name = models.CharField(max_length=160, blank=True)
    rights = models.JSONField(default=list)  # [[right, branch or null], ...]: what the colleague begins with
    invited_by = models.BigIntegerField()  # the account
    invited_at = models.DateTimeField(db_default=Now())
    secret_sha = models.CharField(max_length=64, unique=True)  # of the newest mail: an older link is dead
    sent = models.SmallIntegerField(default=1)
    expires_at = models.DateTimeField()
    asked_again_at = models.DateTimeField(null=True)  # by who was invited, after it had expired
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    membership = models.ForeignKey(Membership, models.DO_NOTHING, db_constraint=False, null=True, related_name="+")

    OPEN = NO_ANSWER

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                condition=NO_ANSWER,
                name="organisations_invitation_once",
                violation_error_message=_("Somebody with this address is invited already."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, membership=None)
                | Q(accepted_at__isnull=False, membership__isnull=False),
                name="organisations_invitation_accepted_as_a_colleague",
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None, withdrawn_at=None)
                | Q(accepted_at=None, withdrawn_at=None)
                | Q(accepted_at=None, declined_at=None),
                name="organisations_invitation_ends_one_way",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AccessRequest(Walled):
    """A colleague asks for a right that was missing; who gives rights in the company answers."""

    class State(models.TextChoices):
        OPEN = "open", _("Asked")
        GRANTED = "granted", _("Given")
        DECLINED = "declined", _("Not given")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    membership = models.ForeignKey(Membership, models.DO_NOTHING, db_constraint=False, related_name="+")
    right = models.CharField(max_length=40)
    branch = models.ForeignKey(Branch, models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    page = models.CharField(max_length=200, blank=True)  # where it was missing: a path of this portal
    asked_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    answer = models.CharField(max_length=300, blank=True)
    decided_by = models.BigIntegerField(null=True)  # the account
    decided_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)  # when who asked saw the answer: the home page tells it until then

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "right", "branch"],
                condition=Q(state="open"),
                nulls_distinct=False,
                name="organisations_accessrequest_once",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None)
                | Q(state__in=["granted", "declined"], decided_at__isnull=False)
                | Q(state="withdrawn", decided_by=None, decided_at__isnull=False),
                name="organisations_accessrequest_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.right


class ApiToken(Walled):
    """A key with which a program calls the API in the name of who made it: never with more rights than that person
    holds at that moment, and with no more than were ticked. Only the key's fingerprint is kept."""

    membership = models.ForeignKey(Membership, models.DO_NOTHING, db_constraint=False, related_name="+")
    name = models.CharField(max_length=60)  # what it is for
    prefix = models.CharField(max_length=12)  # how the key begins: to recognise it in a list
    secret_sha = models.CharField(max_length=64, unique=True)
    rights = models.JSONField()  # of those that its maker holds
    branches = ArrayField(models.BigIntegerField(), null=True)  # null = wherever its maker may
    addresses = ArrayField(models.CharField(max_length=43), null=True)  # networks it may call from; null = any
    made_at = models.DateTimeField(db_default=Now())  # these are real time, as all of security
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=Q(revoked_at__isnull=True),
                name="organisations_apitoken_name",
                violation_error_message=_("There is a connection with this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.prefix


class Party(Walled):
    """A lessee or driver a company names: particulars in one erasable row, of which the ledger holds the id
    (docs/adr/0029)."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        COMPANY = "company", _("Company")

    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=160)
    name_key = GeneratedField(
        expression=Func("name", function="name_key"),
        output_field=models.CharField(max_length=160, db_collation="C"),
        db_persist=True,
    )
    kvk = models.CharField(max_length=8, null=True)  # noqa: DJ001  # absent is not an empty number: it is unique
    reference = models.CharField(max_length=40, null=True)  # noqa: DJ001  # the company's own: of staff or customer
    reference_key = keyed("reference", longest=40, null=True)
    email = models.CharField(max_length=254, blank=True, db_default="")
    phone = models.CharField(max_length=30, blank=True, db_default="")
    branch = models.BigIntegerField(null=True)  # that wrote it down; null = whoever named it with a vehicle
    made_at = models.DateTimeField(db_default=Now())
    # What was changed of the above, when and by which account; it goes with it.
    changes = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    erased_at = models.DateTimeField(null=True)
    # Whom this turned out to be. What stands here still finds that one, where it finds nobody else (docs/adr/0033).
    merged_into = models.BigIntegerField(null=True)

    LIVING = Q(erased_at=None, merged_into=None)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "name_key", "id"], name="organisations_party_by_name"),
            models.Index(
                fields=["organisation", "merged_into"],
                condition=Q(merged_into__isnull=False),
                name="organisations_party_merged",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kvk"],
                condition=Q(merged_into=None),
                name="organisations_party_kvk",
                violation_error_message=_("There is a company with this KvK number already."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "reference_key"],
                condition=Q(merged_into=None),
                name="organisations_party_reference",
                violation_error_message=_("Somebody has this number already."),
            ),
            # Whom the name alone means: of two requests at once the second finds what the first made.
            models.UniqueConstraint(
                fields=["organisation", "name_key"],
                condition=Q(kvk=None, reference=None, erased_at=None, merged_into=None),
                name="organisations_party_known_by_name",
                violation_error_message=_("Somebody has this name already. A number of your own tells them apart."),
            ),
            models.CheckConstraint(
                condition=Q(kvk=None) | Q(kind="company"),
                name="organisations_party_kvk_of_a_company",
                violation_error_message=_("A person has no KvK number."),
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="organisations_party_merged_with_another"),
            models.CheckConstraint(
                condition=Q(erased_at=None) & ~Q(name="")
                | Q(erased_at__isnull=False, name="", kvk=None, reference=None, email="", phone="", changes=[]),
                name="organisations_party_nothing_when_erased",
            ),
        ]

    def __str__(self) -> str:
        return self.name
