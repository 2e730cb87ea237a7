from datetime import date
from decimal import Decimal

from django.db import models

from remise.core.clock import Clocked, day_of
from remise.core.models import Walled
from remise.vehicles.rules import COLOURS, FUELS, KINDS, as_written, in_words
from remise.vehicles.values import REASONS


class VehicleQuerySet(models.QuerySet["Vehicle"]):
    def known(self) -> "VehicleQuerySet":
        """Those that the register knows: of others it is kept only that it was asked."""
        return self.filter(found=True)


class Vehicle(models.Model):
    """What the public register (RDW open data) says of a plate. Published by the register and the same for every
    insurer, so it stands outside the wall; who insures it is not here."""

    plate = models.CharField(max_length=8, primary_key=True, db_collation="C")
    found = models.BooleanField(default=True)  # False: the register was asked, and does not know the plate
    kind = models.CharField(max_length=40, blank=True)
    # The register's byte order: what is compared a million times needs no rules of a language.
    make = models.CharField(max_length=60, blank=True, db_collation="C")
    model = models.CharField(max_length=80, blank=True, db_collation="C")
    colour = models.CharField(max_length=30, blank=True)
    fuel = models.CharField(max_length=30, blank=True)
    catalogue_value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    value_doubt = models.CharField(max_length=20, blank=True)  # why that value is not sure (values.Doubt)
    first_admitted_on = models.DateField(null=True)
    in_name_since = models.DateField(null=True)
    inspection_until = models.DateField(null=True)
    # Of these null = the register does not say.
    exported = models.BooleanField(null=True)
    wam_insured = models.BooleanField(null=True)
    taxi = models.BooleanField(null=True)
    transferable = models.BooleanField(null=True)  # can be put in another owner's name
    empty_mass = models.IntegerField(null=True)  # in kilograms, as the others
    running_mass = models.IntegerField(null=True)
    maximum_mass = models.IntegerField(null=True)
    source = models.CharField(max_length=30)
    looked_up_at = models.DateTimeField()  # real time: the register knows no other

    # The whole register may stand here, sixteen million rows: it has its key and no other index, so that a copy comes
    # in fast and a changed row stays on its page.
    objects = VehicleQuerySet.as_manager()

    @property
    def sure_value(self) -> Decimal | None:
        """The catalogue value where it can be relied on; what is in doubt is shown and not used."""
        return None if self.value_doubt else self.catalogue_value

    @property
    def why_unsure(self) -> str:
        return str(REASONS.get(self.value_doubt, ""))

    def said_on(self, portal: Clocked) -> date:
        """The day of the answer in the portal's own time."""
        return day_of(self.looked_up_at + portal.clock_offset)

    @property
    def title(self) -> str:
        return as_written(f"{self.make} {self.model}")

    @property
    def summary(self) -> str:
        """Kind, fuel, colour and year in one line, in the reader's language."""
        year = str(self.first_admitted_on.year) if self.first_admitted_on else ""
        kind, fuel, colour = in_words(self.kind, KINDS), in_words(self.fuel, FUELS), in_words(self.colour, COLOURS)
        said = " · ".join(part for part in (kind, fuel, colour, year) if part)
        return said[:1].upper() + said[1:]

    def __str__(self) -> str:
        return self.plate


class TypicalValue(models.Model):
    """What vehicles of a make and model mostly cost: the median of their values, where there are enough.
    Learned from the vehicles each night and after a copy, for no look-up can wait for it."""

    pk = models.CompositePrimaryKey("make", "model")
    make = models.CharField(max_length=60, db_collation="C")
    model = models.CharField(max_length=80, db_collation="C")
    value = models.DecimalField(max_digits=12, decimal_places=2)
    vehicles = models.IntegerField()  # of which it is the median
    learned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.make} {self.model}"


class RegisterCopy(models.Model):
    """How far the whole register, as a file, has come in; a killed import goes on there."""

    size = models.BigIntegerField()
    head = models.CharField(max_length=64)  # SHA-256 of its first megabyte: with the size, which file it is
    published_at = models.DateTimeField()  # real time: as of when its vehicles are so
    began_at = models.DateTimeField(auto_now_add=True)
    place = models.BigIntegerField(default=0)  # bytes that are done, of the file as it is read
    lines = models.BigIntegerField(default=0)  # the same in lines, its header among them
    taken = models.BigIntegerField(default=0)  # lines that told of a vehicle
    written = models.BigIntegerField(default=0)  # of these, vehicles that were new or older here
    refused = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["size", "head"], name="vehicles_registercopy_file")]

    def __str__(self) -> str:
        return f"copy {self.pk}"


class ChassisNumber(Walled):
    """A vehicle's chassis number as one company or its insurer knows it. The register does not publish it, so that it
    is read by no one: it is compared, and leaves as a verdict (docs/adr/0012)."""

    plate = models.CharField(max_length=8, db_collation="C")
    vin = models.CharField(max_length=17)
    source = models.CharField(max_length=10)  # chassis.Source
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "plate"], name="vehicles_chassis_of_company")]
        indexes = [models.Index(fields=["portal", "vin"], name="vehicles_chassis_by_number")]  # search, by its door

    def __str__(self) -> str:
        return self.plate
