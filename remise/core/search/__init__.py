"""One search box over what the rooms hold (docs/adr/0026).

`words` says how a name is written to be found, in Python and in the database; `wall` keeps the keys; `kinds` is what
can be found, filled by the rooms; `finding` looks keys up.
"""
