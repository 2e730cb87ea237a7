"""A room that does nothing but try: in the tests' process (`trial.register`) and in their worker (`apps.py`)."""
