"""Review of drafts: contributors, who may sign, locking, signing, returning, publication."""
