"""The public site: pages, leaflets, feed, search and API.

It reads documents, editions and publications. The only thing it writes is readers' feedback.
"""
