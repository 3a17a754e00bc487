"""The library of sources: each source of texts once, who changed it, which pages show it, and its open tasks.

Documents hold their sources by value, so a change in the library reaches patients with an edition only.
"""
