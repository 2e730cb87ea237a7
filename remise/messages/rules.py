"""How long mails are kept, and when one is given up."""

from datetime import timedelta

# What was said and to whom: as long as somebody may ask what the mail said.
KEPT = timedelta(days=365)
# Links in what lets its reader in work no longer than this (settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS).
SECRETS_KEPT = timedelta(days=3)
# Documents that one person may mail from here in a day: to drivers and customers, not to the whole country.
MAILS_A_DAY = 50
