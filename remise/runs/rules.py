"""How long what a run holds is kept, in business time. The run itself, its counts and its verdicts stay.

Personal data is kept no longer than its purpose asks (Regulation (EU) 2016/679, art. 5(1)(e)): the ledger keeps what
was agreed, so that a file is only a copy and a row only a message.
"""

from datetime import timedelta

# A file is there to be fetched. Who needs it after a week is better served by a new one, as things are then.
FILES_KEPT = timedelta(days=7)
# A refused row is there to be mended and sent again: in the month that its day may lie back (28 days), and no longer.
ROWS_KEPT = timedelta(days=30)
# What nobody went on with for so long (real time) is given up, or its rows would wait for ever.
ABANDONED_AFTER = timedelta(days=30)
