"""What was agreed, when we knew, and what follows.

`operations` is the pure rule (replay), `versions` the projection's shape, `book` the only writer.
"""
