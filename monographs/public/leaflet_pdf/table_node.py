"""A table of signed text as a node for the leaflet template."""

from collections.abc import Sequence

from monographs.document.parts import Table
from monographs.public.leaflet_pdf.text_nodes import Node, TextNodes, is_short, text_nodes

#: Characters of an amount that a line across the whole page holds in large print.
_MAX_AMOUNT = 40


def table_node(table: Table, texts: TextNodes) -> Node:
    """Return the node of ``table``; short rows stay on one page."""
    longest = _MAX_AMOUNT // max(table.column_count, 1)
    names, *rows = [
        [_breakable(texts.inline(cell), longest) for cell in row] for row in (table.header, *table.rows)
    ]
    # On a page as wide as its columns, a row is as long as its longest cell
    short = [is_short(*[max(row, key=len, default="")] * table.column_count) for row in table.rows]
    return {
        "is": "table",
        "caption": text_nodes(table.caption),
        "columns": table.column_count,
        "names": names,
        "row_names": table.row_headers,
        "rows": [{"cells": cells, "short": kept} for cells, kept in zip(rows, short, strict=True)],
    }


def _breakable(nodes: Sequence[Node], longest: int) -> list[Node]:
    """Let amounts of more than ``longest`` characters break: on one line they would cover the next column."""
    return [
        {
            **node,
            "is": "text" if node["is"] == "amount" and len(node["of"]) > longest else node["is"],
            **({"of": _breakable(node["of"], longest)} if isinstance(node.get("of"), list) else {}),
        }
        for node in nodes
    ]
