"""The look of an organisation, read once from a folder: name, logos, colours, type and legal lines.

``docs/operators/installation.md`` describes the folder, ``docs/decisions/0056`` why it is a setting.
"""
