"""Many vehicles at once: what a file may say, how a line is read, and the kinds of run that do it."""
