"""The screen on which people say when they are away and who their delegate is (``review.delegates``)."""
