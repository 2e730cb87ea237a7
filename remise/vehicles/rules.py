"""How what the register says is shown."""


def as_written(text: str) -> str:
    """The register shouts; people write Volkswagen Polo. Words with a digit and short ones (BMW, KIA, EV) stay."""
    return " ".join(word.capitalize() if len(word) > 3 and word.isalpha() else word for word in text.split())
