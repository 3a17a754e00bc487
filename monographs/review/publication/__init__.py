"""From a fully signed submission to an edition that patients read, at once or at its scheduled time."""
