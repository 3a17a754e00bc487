"""Who may do what in review, by act. Who may submit, review and sign is in ``monographs.review.policy``."""
