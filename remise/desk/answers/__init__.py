"""Templates for answers: what the desk often says, in the language of who reads it."""
