"""Hints that a submission cannot write: while a check runs, what it puts into its hint stands between marks.

A check's hint names the misunderstanding (tools/labs/misunderstood.py). Some hints quote what the student's code gave. So the lab's cells
are compiled with `HintMarker`, which hands whatever a hint fills in to `mark_value`: numbers and the lab's own texts go in as they are,
everything else between marks, and `own_words` takes it out again.
"""

import ast
import re
from collections.abc import Callable
from numbers import Number
from types import CodeType

OPEN, CLOSE = "\ue000", "\ue001"  # of Unicode's private use
PLACES = {"that": 2, "close": 3, "unchanged": 3, "CheckFailed": 0}  # of the hint among a check's arguments
NAME = "_put_into_hint"  # under which the compiled cells find the function that calls `mark_value`


class HintMarker(ast.NodeTransformer):
    """Has the hints of checks put together by the function NAME."""

    def visit_Call(self, node):
        self.generic_visit(node)
        is_check = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "checks"
        place = PLACES.get(node.func.attr) if is_check else None
        if place is not None:
            node.args[place : place + 1] = map(self._hint, node.args[place : place + 1])
            for each in node.keywords:
                each.value = self._hint(each.value) if each.arg == "hint" else each.value
        return node

    def _hint(self, hint):
        if isinstance(hint, ast.JoinedStr):
            hint.values = [part if isinstance(part, ast.Constant) else self._filled(part) for part in hint.values]
            return hint
        return hint if isinstance(hint, ast.Constant) else self._call(hint, -1, ast.Constant(""))

    def _filled(self, part: ast.FormattedValue):
        return ast.FormattedValue(self._call(part.value, part.conversion, part.format_spec or ast.Constant("")), -1)

    def _call(self, value, conversion: int, spec):
        return ast.Call(ast.Name(NAME, ast.Load()), [value, ast.Constant(conversion), spec], [])


def mark_value(value, conversion: int, spec: str, is_own: Callable) -> str:
    """Return a value as an f-string shows it, between marks unless it is a number or `is_own` says that the lab wrote it.

    Args:
        value: what a hint fills in.
        conversion, spec: as in `ast.FormattedValue`.
        is_own: tells a text of the lab from any other value.
    """
    shown = format({-1: lambda same: same, ord("s"): str, ord("r"): repr, ord("a"): ascii}[conversion](value), spec)
    return shown if isinstance(value, Number) or is_own(value) else OPEN + without_marks(shown) + CLOSE


def without_marks(text: str) -> str:
    return text.replace(OPEN, "").replace(CLOSE, "")


def own_words(hint: str) -> str:
    """Return a hint without what stands between marks."""
    return re.sub(f"{OPEN}.*?{CLOSE}", "", hint, flags=re.DOTALL)


def texts(code: CodeType | tuple | frozenset) -> list[str]:
    """Return the strings that stand in compiled code, the very objects."""
    found = []
    for each in code.co_consts if isinstance(code, CodeType) else code:
        if isinstance(each, str):
            found.append(each)
        elif isinstance(each, CodeType | tuple | frozenset):
            found += texts(each)
    return found
