VERSION = "0.1.0"  # as in pyproject.toml, which an installation may not have
