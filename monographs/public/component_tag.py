"""The tag ``component`` of Jinja2's templates: ``{% component "urgency" label=part.label %}``.

It is written as in Django's templates. The component sees the variables around the tag and those that the tag
names. It is compiled into the template that shows it: an ``{% include %}`` makes a context and passes on each
string of what it includes, which took an eighth of the time of a page.
"""

from typing import get_args

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from monographs.document.parts import CommonPart

_FOLDER = "public/components/"
#: The components of parts that are compiled in where the name is that of a part's kind.
_KINDS = tuple(kind.model_fields["kind"].default for kind in get_args(get_args(CommonPart)[0]))


def component_file(name: str) -> str:
    """Return the template of a component; that of a part has the name of its kind."""
    return f"{_FOLDER}{name}.html"


class ComponentTag(Extension):
    """Parses the tag; the name of the component is a string, or the kind of a part."""

    tags: set[str] = {"component"}  # declared as an instance's by Jinja2

    def parse(self, parser: Parser) -> nodes.Node:
        """Return the component with its variables, which are unknown outside."""
        line = next(parser.stream).lineno
        name = parser.parse_expression()
        names: list[nodes.Expr] = []
        values: list[nodes.Expr] = []
        while parser.stream.current.type != "block_end":
            names.append(nodes.Name(parser.stream.expect("name").value, "store", lineno=line))
            parser.stream.expect("assign")
            values.append(parser.parse_expression())
        if isinstance(name, nodes.Const):
            body = self._body_of(name.value, line)
        else:
            kind = parser.free_identifier(lineno=line)
            names, values = [kind, *names], [name, *values]
            body = [self._by_kind(kind, line)]
        return nodes.With(names, values, body, lineno=line)

    def _by_kind(self, kind: nodes.Expr, line: int) -> nodes.Node:
        """Return the component of a part. One of another kind may have parts itself, so it is looked up."""
        other = nodes.Filter(kind, "component_file", [], [], None, None, lineno=line)
        tests = [
            nodes.If(_equal(kind, each), self._body_of(each, line), [], [], lineno=line) for each in _KINDS
        ]
        first, *more = tests
        first.elif_ = more
        first.else_ = [nodes.Include(other, True, False)]
        return first.set_lineno(line)

    def _body_of(self, name: str, line: int) -> list[nodes.Node]:
        """Return what the component's template has; while it may be edited, an instruction to look it up."""
        file = component_file(name)
        loader = self.environment.loader
        if self.environment.auto_reload or loader is None:
            return [nodes.Include(nodes.Const(file), True, False, lineno=line)]
        source, path, _ = loader.get_source(self.environment, file)
        template = self.environment.parse(source, file, path)
        return [node.set_lineno(line, override=True) for node in template.body]


def _equal(expression: nodes.Expr, value: str) -> nodes.Expr:
    return nodes.Compare(expression, [nodes.Operand("eq", nodes.Const(value))])
