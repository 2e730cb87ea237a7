"""Drivers and lessees (docs/adr/0029): whom a field means, who sees whom, their pages, history and end."""
