"""The reading room: what patients and programs see. It knows documents, editions and publications only."""
