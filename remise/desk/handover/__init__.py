"""What the desk's people do among each other: who handles a request, and what they note about it."""
