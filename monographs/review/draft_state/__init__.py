"""What drafts have, and how they differ from what patients read: one rule for lists, screens and actions."""
