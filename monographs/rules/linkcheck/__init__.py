"""Whether the addresses in our texts answer: asked in the background, never while somebody types."""
