"""The screen on which people say when they are away and who stands in (``review.stand_ins``)."""
