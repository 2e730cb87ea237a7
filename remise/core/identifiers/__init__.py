"""Numbers by which the world knows vehicles, companies and accounts: one value type and one parser each.

Stored normalised (`.value`), shown formatted (`.formatted`), compared normalised.
"""

from remise.core.identifiers.account import AccountNumber
from remise.core.identifiers.company import BranchNumber, KvkNumber
from remise.core.identifiers.email import mail_address
from remise.core.identifiers.iban import Iban
from remise.core.identifiers.plate import Plate, VehicleKind
from remise.core.identifiers.series import Series
from remise.core.identifiers.text import Doubt, IdentifierError, number_key
from remise.core.identifiers.vin import CheckCode, Vin

__all__ = [
    "AccountNumber",
    "BranchNumber",
    "CheckCode",
    "Doubt",
    "Iban",
    "IdentifierError",
    "KvkNumber",
    "Plate",
    "Series",
    "VehicleKind",
    "Vin",
    "mail_address",
    "number_key",
]
