"""What a module imports, directly or through others, read from the source without running it."""

import ast
from collections import deque
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from pkgutil import walk_packages


def reached_from(package: str, forbidden: Sequence[str], within: Sequence[str]) -> dict[str, list[str]]:
    """Forbidden modules that any module of ``package`` reaches, each with the way there.

    Only modules of the packages named in ``within`` are read; what lies outside is judged by its name.
    """
    ways = {module: [module] for module in _modules_of(package)}
    waiting = deque(ways)
    reached: dict[str, list[str]] = {}
    while waiting:
        module = waiting.popleft()
        for imported in sorted(imports_of(module)):
            way = [*ways[module], imported]
            if _is_in(imported, forbidden):
                reached.setdefault(imported, way)
            elif _is_in(imported, within) and imported not in ways:
                ways[imported] = way
                waiting.append(imported)
    return reached


def imports_of(module: str) -> set[str]:
    """Modules that ``module`` imports anywhere in its source, their packages included."""
    source = _source(module)
    if source is None:
        return set()
    names: set[str] = set()
    for node in _running(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
            members = (f"{node.module}.{alias.name}" for alias in node.names)
            names.update(name for name in members if _is_module(name))
    return names | {parent for name in names for parent in _parents(name)}


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """Every node but those under ``if TYPE_CHECKING``, which only type checkers read."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        for other in node.orelse:
            yield from _running(other)
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _running(child)


def _modules_of(package: str) -> Iterator[str]:
    yield package
    spec = find_spec(package)
    for found in walk_packages(spec.submodule_search_locations if spec else None, f"{package}."):
        yield found.name


def _source(module: str) -> str | None:
    spec = find_spec(module)
    if spec is None or not spec.origin or not spec.origin.endswith(".py"):
        return None
    return Path(spec.origin).read_text(encoding="utf-8")


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, AttributeError):  # the parent is a module, not a package
        return False


def _parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _is_in(module: str, packages: Sequence[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)
