"""What is written in a statement, as plain texts without their places: cheap, to ask before nodes are made."""

from validator.iam.catalogue import Named, told
from validator.iam.lazy import kept
from validator.iam.policy import Statement


@kept
def action_texts(statement: Statement) -> tuple[str, ...]:
    """List the texts among the values of Action or NotAction, in order."""
    value, _ = statement.written("Action") or (None, False)
    return tuple([one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)])


@kept
def spoken_of(statement: Statement) -> tuple[Named, tuple[str, ...]]:
    """Give the documented actions that these texts fit, and the texts that fit none, or are for several services."""
    return told(action_texts(statement))
