"""Expressions of forms, and the values that they work on. Pure."""

from server.features.forms.expressions.dates import days
from server.features.forms.expressions.expression import Expression, ExpressionError, evaluate, holds, parse
from server.features.forms.expressions.scope import Budget, Scope, Tree
from server.features.forms.expressions.values import Nodes, Row, Value, boolean, number, string

__all__ = [
    "Budget",
    "Expression",
    "ExpressionError",
    "Nodes",
    "Row",
    "Scope",
    "Tree",
    "Value",
    "boolean",
    "days",
    "evaluate",
    "holds",
    "number",
    "parse",
    "string",
]
