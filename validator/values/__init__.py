"""What a value in a template can be: abstract values, and the evaluator of intrinsic functions in one template."""

from validator.values.cases import (
    MAX_CASES,
    MAX_LIST,
    MAX_TEXT,
    Abstract,
    Assumption,
    Case,
    Cases,
    NoValue,
    Other,
    Partial,
    Unknown,
    When,
    choices,
    concatenate,
    consistent,
    constant,
    text_of,
    unknown,
)
from validator.values.references import reference
from validator.values.scope import Scope, conditions_in

__all__ = [
    "MAX_CASES",
    "MAX_LIST",
    "MAX_TEXT",
    "Abstract",
    "Assumption",
    "Case",
    "Cases",
    "NoValue",
    "Other",
    "Partial",
    "Scope",
    "Unknown",
    "When",
    "choices",
    "concatenate",
    "conditions_in",
    "consistent",
    "constant",
    "reference",
    "text_of",
    "unknown",
]
