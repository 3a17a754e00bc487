"""The living style page: every component of public pages, with real documents, for people of the desk."""
