"""An app of the stock Wagtail site that ``stock_site`` makes: medicines, with Wagtail's own blocks.

Written as Wagtail's tutorial and its demonstration site (wagtail/bakerydemo) write theirs: a template per
block, a menu of published pages, breadcrumbs. It is copied into that site, and not part of this project.
"""
