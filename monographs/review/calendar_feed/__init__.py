"""The dates of reviews as a calendar that calendar programs subscribe to."""
