"""Notices in the admin: those that are emailed, listed with what is unread."""
