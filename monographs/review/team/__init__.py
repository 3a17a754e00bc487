"""What editors see and do about everybody's reviews: what waits, assignments, reports by period."""
