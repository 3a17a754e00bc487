"""Who may come in, how they prove it is them, and what changes about them: told, mailed, kept."""
