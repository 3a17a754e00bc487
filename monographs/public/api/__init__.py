"""What is published, for programs: the same editions that patients read, as JSON."""
