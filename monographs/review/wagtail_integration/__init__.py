"""Code that overrides, patches or relies on the inside of Wagtail; ``reliances`` lists all of it."""
