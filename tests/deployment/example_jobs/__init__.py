"""An app with jobs of which a test decides how they go."""
