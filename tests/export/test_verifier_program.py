"""The verifier of an export is one file, made of the modules that `ledger verify` uses."""

import ast
import sys
from io import StringIO

from django.core.management import call_command

from monographs.editions.export.verifier_program import verifier_program


def test_the_program_needs_the_standard_library_only() -> None:
    tree = ast.parse(verifier_program())
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert {str(name).partition(".")[0] for name in modules} - sys.stdlib_module_names == set()


def test_no_name_of_the_joined_modules_hides_another() -> None:
    names: list[str] = []
    for node in ast.parse(verifier_program()).body:
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                names.append(node.name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.append(name)
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_program_says_what_it_is() -> None:
    assert verifier_program().startswith('#!/usr/bin/env python3\n"""Check an exported record on a machine')


def test_the_program_can_be_had_without_an_export() -> None:
    out = StringIO()
    call_command("ledger", "verifier", stdout=out)
    assert out.getvalue() == verifier_program()
