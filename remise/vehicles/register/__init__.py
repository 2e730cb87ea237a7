"""The public register (RDW open data): `client` asks, `reading` reads, `keeping` stores, `lookup` serves."""
