"""The programs ``verify_export.py`` and ``verify_proof.py``: modules of the record joined to one file."""

import ast
import importlib.util
from functools import cache
from pathlib import Path

#: Modules in the order in which they are joined; the last one holds the command line.
MODULES = (
    "monographs.editions.record.json_values",
    "monographs.editions.record.ed25519",
    "monographs.editions.record.merkle_tree",
    "monographs.editions.record.signed_note",
    "monographs.editions.record.signer_names",
    "monographs.editions.record.text_facts",
    "monographs.editions.record.record_index",
    "monographs.editions.record.text_writers",
    "monographs.editions.record.hold_rules",
    "monographs.editions.record.expert_rules",
    "monographs.editions.record.ledger_rules",
    "monographs.editions.record.publication_rules",
    "monographs.editions.record.conflict_rules",
    "monographs.editions.record.row_rules",
    "monographs.editions.record.edition_rules",
    "monographs.editions.record.record_check",
    "monographs.editions.export.verify_export",
)
PROOF_MODULES = (
    "monographs.editions.record.json_values",
    "monographs.editions.record.ed25519",
    "monographs.editions.record.merkle_tree",
    "monographs.editions.record.signed_note",
    "monographs.editions.record.tree_proof",
    "monographs.editions.export.verify_proof",
)
SHEBANG = "#!/usr/bin/env python3"


@cache
def verifier_program(modules: tuple[str, ...] = MODULES) -> str:
    """The source of a program of ``modules``, which needs Python's standard library only.

    By default that of ``verify_export.py`` as exports hold it.
    """
    sources = {name: _source(name) for name in modules}
    main = sources[modules[-1]]
    opening = f'{SHEBANG}\n"""{ast.get_docstring(ast.parse(main), clean=False)}"""\n'
    imports: dict[str, None] = {}
    bodies = []
    for name, source in sources.items():
        lines = source.splitlines()
        tree = ast.parse(source)
        docstring = ast.get_docstring(tree) or ""
        gone: set[int] = set(range(tree.body[0].end_lineno or 0))
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                span = range(node.lineno - 1, node.end_lineno or node.lineno)
                gone |= set(span)
                if not (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("monographs.")):
                    imports["\n".join(lines[i] for i in span)] = None
        body = "\n".join(line for i, line in enumerate(lines) if i not in gone).strip()
        title = name.rpartition(".")[2]
        bodies.append(f"# --- {title}: {docstring.splitlines()[0]}\n\n{body}\n")
    return "\n".join([opening, "\n".join(sorted(imports)), "", "\n\n".join(bodies)])


def _source(name: str) -> str:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"module {name} has no source file")
    return Path(spec.origin).read_text(encoding="utf-8")
