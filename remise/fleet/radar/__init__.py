"""The register radar: what is on cover held against the register, each night and at a press.

`rules` judge one vehicle, `facts` reads thousands, `comparing` keeps what follows, `fetching` asks the register."""
