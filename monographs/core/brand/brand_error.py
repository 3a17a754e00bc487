"""The refusal of a brand."""


class BrandError(ValueError):
    """A brand that cannot be used; each line of the message says what is wrong and how to fix it."""
