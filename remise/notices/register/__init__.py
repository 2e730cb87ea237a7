"""The register of motor insurance cover, as the notices meet it: one protocol, and what speaks it."""
