"""What the proof need not look at: regions and actions that nothing tells apart from others.

Actions of a service that take the same types of resources are alike to statements about resources, and regions are that
no condition and no pattern of a resource distinguishes.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from validator.iam.arns import Resources
from validator.iam.catalogue import by_types, details, types_of
from validator.iam.clause import REGION_KEYS, Clause
from validator.iam.condition import Atom, Operator, Quantifier
from validator.iam.globs import Glob, progress

REGION, EC2_REGION = REGION_KEYS


def apart(clauses: Sequence[Clause], action: str, names: Iterable[str], partition: str = "aws") -> list[str]:
    """Choose regions that stand for all: the first of those that none of the clauses tells from each other.

    They are told apart by the conditions on the region, by what else means it, and by the patterns of resources:
    the ARNs of one format are alike up to the region, so that only matters in which state that leaves the patterns.
    """
    names = tuple(names)
    service = action.partition(":")[0].lower()
    heads = _heads(action)
    if any("$" in head for head in heads) or any(
        one.resources is not None and one.resources.regional for one in clauses
    ):
        return [*names]
    told: list[tuple[object, ...]] = []
    for atom in [atom for one in clauses for atom in one.conditions]:
        if atom.regional:
            told.append(tuple([atom.at(name).values for name in names]))
        if not atom.unknown and (atom.key == REGION or (atom.key == EC2_REGION and service == "ec2")):
            told.append(_answers(atom.operator, atom.quantifier, atom.if_exists, atom.values, names))
    if heads and (globs := _globs(tuple([one.on("") for one in clauses if not one.anywhere]))):
        told += [progress(globs, f"arn:{partition}:{head}:", names) for head in heads]
    if not told:
        return [*names[:1]]
    found: dict[object, str] = {}
    for name, *answers in zip(names, *told, strict=True):
        found.setdefault(tuple(answers), name)
    return list(found.values())


@lru_cache(maxsize=8192)
def _heads(action: str) -> tuple[str, ...]:
    """Give the services that stand in the ARNs of what an action takes, if those have a region."""
    service = action.partition(":")[0].lower()
    known = forms_of(action)
    formats = (
        ("arn:${Partition}:" + service + ":${Region}:",) if known is None else [each for one in known for each in one]
    )
    return tuple(sorted({one.split(":")[2] for one in formats if one != "*" and "$" in one.split(":")[3]}))


@lru_cache(maxsize=1024)
def _answers(
    operator: Operator,
    quantifier: Quantifier,
    if_exists: bool,  # noqa: FBT001  # a key
    values: tuple[str, ...],
    names: tuple[str, ...],
) -> tuple[bool | None, ...]:
    """Say whether a condition on the region holds in each of some regions."""
    atom = Atom(None, REGION, operator, quantifier, if_exists, values)  # type: ignore[arg-type]  # it is nowhere
    return tuple(map(atom.holds, names))


@lru_cache(maxsize=1024)
def _globs(resources: tuple[Resources, ...]) -> tuple[Glob, ...]:
    patterns = (glob for each in resources for one in each.arns for glob in (*one.spanning, *one.fielded))
    return tuple(dict.fromkeys(patterns))


@lru_cache(maxsize=8192)
def forms_of(action: str) -> tuple[tuple[str, ...], ...] | None:
    """Give, for each resource that a request must name, the formats that it can have; None if nobody knows.

    An action without resource types takes `*` only. Where it needs none of its types, any one of them will do.
    """
    known = types_of(action)
    return None if known is None else forms(known)


def forms(types: Iterable[tuple[str, bool]]) -> tuple[tuple[str, ...], ...]:
    """Arrange resource types, each a form and whether it is required, by what one request must name."""
    every = tuple(types)
    required = tuple(dict.fromkeys((form,) for form, needed in every if needed))
    return required or (tuple(dict.fromkeys(form for form, _ in every)) or ("*",),)


@lru_cache(maxsize=4096)
def is_composite(action: str) -> bool:
    """Say whether a request for an action surely names all the resources that are documented as required.

    EC2 documents its actions so, and authorises each resource. Elsewhere several are listed as required of which a
    request names one: what a tag or a policy is put on, above all.
    """
    return action.lower().startswith("ec2:") or len(forms_of(action) or ()) < 2


@lru_cache(maxsize=4096)
def resource_keys(action: str) -> frozenset[str]:
    """Give the condition keys, in small letters, that each resource of a request has a value of its own for.

    Not the tags that a request brings along, which AWS describes as one set.
    """
    known = details(action)
    every = {name.lower() for one in known.resources for name in one.keys} if known is not None else set()
    own = {name.partition("${")[0] for name in every if not name.startswith("aws:")}
    return frozenset(own | {"aws:resourcetag/"})


@lru_cache(maxsize=1024)
def documented(service: str) -> int:
    """Give the bits of all documented actions of a service."""
    return sum(bits for _, bits in by_types(service))


@lru_cache(maxsize=1024)
def near(service: str, heads: frozenset[str], partition: str) -> tuple[tuple[object, int], ...]:
    """Group a service's actions by the resources that they take, as far as patterns with these heads can match them."""
    found: dict[object, int] = {}
    for types, bits in by_types(service):
        arranged = frozenset(frozenset(map(_far(heads, partition), each)) for each in forms(sorted(types)))
        found[arranged] = found.get(arranged, 0) | bits
    return tuple(found.items())


def _far(heads: frozenset[str], partition: str) -> Callable[[str], str]:
    def shown(form: str) -> str:
        return form if form == "*" or _may_match(form, heads, partition) else ""

    return shown


@lru_cache(maxsize=8192)
def _may_match(form: str, heads: frozenset[str], partition: str) -> bool:
    """Whether a pattern that begins so can match an ARN of a format."""
    for one in form.split(", "):
        own = one.replace("${Partition}", partition).partition("${")[0].partition("*")[0]
        if any(head.startswith(own) or own.startswith(head) for head in heads):
            return True
    return False
