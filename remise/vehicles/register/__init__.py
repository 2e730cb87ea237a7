"""The public register (RDW open data): asked by `client`, read by `reading`, kept by `keeping`, looked up by `lookup`."""
