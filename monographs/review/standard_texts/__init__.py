"""Standard texts in the admin: chosen in the editor, where each is used, new versions taken over."""
