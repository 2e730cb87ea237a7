"""How fast, next to a peer or a floor that runs in the same call (docs/speed.md). `script/bench` starts it."""
