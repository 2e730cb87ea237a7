from django.db import models

from remise.vehicles.rules import COLOURS, FUELS, KINDS, as_written, in_words


class Vehicle(models.Model):
    """What the public register (RDW open data) says of a plate. Published by the register and the same for every
    insurer, so it stands outside the wall; who insures it is not here."""

    plate = models.CharField(max_length=8, primary_key=True, db_collation="C")
    kind = models.CharField(max_length=40, blank=True)
    make = models.CharField(max_length=60, blank=True)
    model = models.CharField(max_length=80, blank=True)
    colour = models.CharField(max_length=30, blank=True)
    fuel = models.CharField(max_length=30, blank=True)
    catalogue_value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    first_admitted_on = models.DateField(null=True)
    in_name_since = models.DateField(null=True)
    inspection_until = models.DateField(null=True)
    insured_flag = models.BooleanField(null=True)
    source = models.CharField(max_length=30)
    looked_up_at = models.DateTimeField()

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
