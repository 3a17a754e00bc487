"""Finding words in the drafts of all pages, and replacing them in drafts that are reviewed as a bundle."""
