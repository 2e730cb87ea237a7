"""The whole register as a file: `files` gives its lines in blocks, `converting` reads them, `loading` stores them."""
