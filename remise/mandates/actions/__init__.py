"""What changes a mandate: by who gives it, by the office, and what the insurer says of intermediaries."""
