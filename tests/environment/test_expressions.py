"""JMESPath expressions typed over the shapes of answers."""

import gzip
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore
import jmespath
import pytest
from botocore import xform_name
from hypothesis import given, settings
from hypothesis import strategies as st

from validator.document import Value
from validator.environment.expressions import Typed, typed
from validator.environment.operations import services
from validator.environment.possible import kind_of
from validator.environment.shapes import Shape, operation
from validator.environment.terms import Fault

# ruff: noqa: E501  # a row for each case

DATA = Path(botocore.__file__).parent / "data"


def answer(call: str) -> Shape:
    found = operation(*call.split("."))
    assert found is not None
    return found.output


GROUPS = answer("ec2.describe_security_groups")
SCALING = answer("autoscaling.describe_auto_scaling_groups")
INSTANCES = answer("ec2.describe_instances")


def single(expression: str, shape: Shape = GROUPS) -> Fault:
    [fault] = typed(expression, shape).faults
    return fault


def clean(expression: str, shape: Shape = GROUPS) -> Typed:
    found = typed(expression, shape)
    assert found.faults == ()
    return found


@pytest.mark.parametrize(
    ("expression", "at", "message", "advice"),
    [
        (
            "SecurityGroup",
            "SecurityGroup",
            "'SecurityGroup' is no member of the answer of ec2.describe_security_groups",
            "did you mean 'SecurityGroups'?",
        ),
        (
            "SecurityGroups[].IpPermisions[].FromPort",
            "IpPermisions",
            "'IpPermisions' is no member of SecurityGroup",
            "did you mean 'IpPermissions'?",
        ),
        (
            "SecurityGroups[0].Zzz",
            "Zzz",
            "'Zzz' is no member of SecurityGroup",
            "known: Description, GroupId, GroupName, IpPermissions, IpPermissionsEgress and 4 more",
        ),
        (
            "SecurityGroups.IpPermissions",
            "IpPermissions",
            "'IpPermissions' is asked of a list, which has no members",
            "write [].IpPermissions, or [0].IpPermissions",
        ),
        (
            "SecurityGroups.IpPermisions",
            "IpPermisions",
            "'IpPermisions' is asked of a list, which has no members",
            "write [].IpPermissions, or [0].IpPermissions",
        ),
        (
            "SecurityGroups[].GroupId.Name",
            "Name",
            "'Name' is asked of a string, which has no members",
            "",
        ),
        ("SecurityGroups[].GroupId[0]", "[0]", "[0] is for lists, and 'GroupId' is a string", "remove [0]"),
        ("SecurityGroups[0][?GroupId=='a']", "[?GroupId=='a']", "[?…] is for lists, and this is a mapping", "remove [?…]"),
        ("[*].GroupId", "[*]", "[*] is for lists, and this is a mapping", "write .* for the values of a mapping"),
        ("SecurityGroups.*", "*", "'*' gives nothing of a list", "write [*]"),
        ('SecurityGroups[]."Group Id"', '"Group Id"', "'Group Id' is no member of SecurityGroup", "did you mean 'GroupId'?"),
        ("SecurityGroups[*].{a: GroupId, b: GroupNam}", "GroupNam", "'GroupNam' is no member of SecurityGroup", "did you mean 'GroupName'?"),
        ("SecurityGroups[*].{a: GroupId}[].b", "b", "'b' is no member of what is selected", "known: a"),
        ("SecurityGroups[:2].GroupNam", "GroupNam", "'GroupNam' is no member of SecurityGroup", "did you mean 'GroupName'?"),
        ("SecurityGroups | [0].GroupNam", "GroupNam", "'GroupNam' is no member of SecurityGroup", "did you mean 'GroupName'?"),
        ("sort_by(SecurityGroups, &GroupNam)", "GroupNam", "'GroupNam' is no member of SecurityGroup", "did you mean 'GroupName'?"),
        ("map(&GroupNam, SecurityGroups)", "GroupNam", "'GroupNam' is no member of SecurityGroup", "did you mean 'GroupName'?"),
        ("SecurityGroups[?GroupNam == 'a'].GroupId", "GroupNam", "'GroupNam' is no member of SecurityGroup", "did you mean 'GroupName'?"),
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere(expression: str, at: str, message: str, advice: str) -> None:
    fault = single(expression)
    assert (expression[fault.start : fault.end], fault.message, fault.help) == (at, message, advice)
    assert fault.code == "path"


@pytest.mark.parametrize(
    ("expression", "at", "message", "advice", "sure"),
    [
        (
            "SecurityGroups[].IpPermissions[?FromPort=='80']",
            "'80'",
            "FromPort is a number, and '80' is a string: never true",
            "write `80`, in backticks",
            True,
        ),
        (
            "SecurityGroups[].IpPermissions[?'80' != FromPort]",
            "'80'",
            "'80' is a string, and FromPort is a number: always true",
            "write `80`, in backticks",
            True,
        ),
        (
            "SecurityGroups[?GroupName == `80`]",
            "`80`",
            "GroupName is a string, and `80` is a number: never true",
            "write '80', in quotes",
            True,
        ),
        (
            "SecurityGroups[].IpPermissions[?FromPort == IpProtocol]",
            "IpProtocol",
            "FromPort is a number, and IpProtocol is a string: never true",
            "",
            False,
        ),
        (
            "SecurityGroups[?GroupName > `5`]",
            "`5`",
            "GroupName is a string, and `5` is a number: there is no order between them",
            "write '5', in quotes",
            True,
        ),
        ("SecurityGroups[?Tags > `[]`]", "Tags", "> is for numbers and texts, and Tags is a list", "write == or !=", True),
        ("SecurityGroups[?VpcId > `null`]", "`null`", "nothing is less or more than null", "write == or !=", True),
        (
            "SecurityGroups[?contains(IpPermissions[].FromPort, '80')]",
            "'80'",
            "a list of numbers never contains a string",
            "write `80`, in backticks",
            True,
        ),
    ],
)  # fmt: skip
def test_a_comparison_that_always_comes_out_the_same(
    expression: str, at: str, message: str, advice: str, *, sure: bool
) -> None:
    fault = single(expression)
    assert (expression[fault.start : fault.end], fault.message, fault.help) == (at, message, advice)
    assert (fault.code, fault.sure) == ("comparison", sure)


@pytest.mark.parametrize(
    ("value", "advice", "sure"),
    [
        ("runing", "did you mean 'running'?", True),
        ("Running", "did you mean 'running'?", False),
        ("stoppe", "did you mean 'stopped'?", False),
        ("hibernated", "known: 'pending', 'running', 'shutting-down', 'terminated', 'stopping' and 1 more", False),
    ],
)  # fmt: skip
def test_a_value_that_the_model_does_not_list(value: str, advice: str, *, sure: bool) -> None:
    fault = single(f"Reservations[].Instances[?State.Name=='{value}']", INSTANCES)
    assert fault.message == f"{value!r} is no value of InstanceStateName: never true"
    assert (fault.code, fault.help, fault.sure) == ("comparison", advice, sure)


def test_a_type_of_instance_that_is_not_known_may_be_new() -> None:
    assert not single("Reservations[].Instances[?InstanceType=='t3.mega']", INSTANCES).sure


@pytest.mark.parametrize(
    ("expression", "at", "message", "advice"),
    [
        ("SecurityGroups[?GroupName='x']", "=", "'=' has no meaning here", "write =="),
        ("SecurityGroups[?GroupName=='a' and VpcId=='b']", "and", "'and' cannot stand here", "write && for and"),
        ("SecurityGroups[GroupName=='a']", "GroupName", "'GroupName' cannot stand here", "write [?…] for a filter"),
        ("SecurityGroups[].", ".", "the expression ends too early", ""),
        ("SecurityGroups[", "[", "the expression ends too early", ""),
        ("SecurityGroups[?GroupName=='x]", "'x]", "nothing closes '", "add '"),
        ("SecurityGroups GroupName", "GroupName", "'GroupName' cannot stand here", ""),
        ("SecurityGroups[?contians(GroupName, 'x')]", "contians", "JMESPath has no function 'contians'", "did you mean 'contains'?"),
        ("length(SecurityGroups, 'x')", "length", "length() is given 2 arguments, expected 1", ""),
        ("Größe", "ö", "'ö' has no meaning here", ""),
        ("-", "-", "'-' has no meaning here", ""),
        ("`", "`", "nothing closes `", "add `"),
    ],
)  # fmt: skip
def test_what_is_no_expression(expression: str, at: str, message: str, advice: str) -> None:
    fault = single(expression)
    assert (expression[fault.start : fault.end], fault.message, fault.help) == (at, message, advice)
    assert fault.code == "syntax"


@pytest.mark.parametrize(
    "expression", ["", "(" * 5_000, "a" + "[" * 5_000, "!" * 5_000 + "a", "9" * 5_000, "`" + "[" * 9_000]
)
def test_an_expression_that_is_out_of_all_bounds_is_a_fault(expression: str) -> None:
    assert single(expression).code == "syntax"


@pytest.mark.parametrize(
    ("expression", "at", "message", "advice"),
    [
        ("sort_by(SecurityGroups, GroupName)", "GroupName", "sort_by() takes an expression such as &Name here", "write & before it"),
        ("length(&SecurityGroups)", "SecurityGroups", "length() takes a string or a list or a mapping here", "remove &"),
        ("sum(SecurityGroups[].GroupName)", "SecurityGroups[].GroupName", "sum() is given a list, expected a list of numbers", ""),
        ("length(SecurityGroups[0].IpPermissions[0].FromPort)", "SecurityGroups[0].IpPermissions[0].FromPort", "length() is given a number, expected a string or a list or a mapping", ""),
        ("SecurityGroups[?starts_with(GroupName, `5`)]", "`5`", "starts_with() is given a number, expected a string", ""),
        ("SecurityGroups[?contains(GroupName, `5`)]", "`5`", "contains() looks for a number in a string", "write '5', in quotes"),
        ("max_by(SecurityGroups, &Tags)", "Tags", "max_by() orders by numbers or texts, and this is a list", ""),
    ],
)  # fmt: skip
def test_what_a_function_does_not_take(expression: str, at: str, message: str, advice: str) -> None:
    fault = single(expression)
    assert (expression[fault.start : fault.end], fault.message, fault.help) == (at, message, advice)
    assert fault.code == "argument"


OPEN_TO_SSH = (
    "SecurityGroups[].IpPermissions[] | [?IpProtocol=='-1' || (FromPort<=`22` && ToPort>=`22`)]"
    ".[IpRanges[].CidrIp, Ipv6Ranges[].CidrIpv6][][] | [?@=='0.0.0.0/0' || @=='::/0']"
)


@pytest.mark.parametrize(
    ("expression", "kind", "element"),
    [
        ("SecurityGroups", "list", "structure"),
        ("SecurityGroups[].IpPermissions[].FromPort", "list", "integer"),
        ("SecurityGroups[0].GroupName", "string", ""),
        ("SecurityGroups[].GroupId[][]", "list", "string"),
        (OPEN_TO_SSH, "list", "string"),
        ("SecurityGroups[].{name: GroupName, port: IpPermissions[0].FromPort} | [0].port", "integer", ""),
        ("length(SecurityGroups)", "float", ""),
        ("SecurityGroups[?Tags[?Key=='Name' && Value=='web']].GroupId | [0]", "string", ""),
        ("sort_by(SecurityGroups, &GroupName)[-1].GroupName", "string", ""),
        ("SecurityGroups[].[GroupId, GroupName][]", "list", "string"),
        ("SecurityGroups[::2].IpPermissions[*].IpRanges[*].CidrIp", "list", "list"),
        ("map(&length(IpPermissions), SecurityGroups)", "list", "float"),
        ("join(',', SecurityGroups[].GroupName)", "string", ""),
        ("not_null(NextToken, 'none')", "string", ""),
        ("NextToken || 'none'", "string", ""),
        ("!NextToken", "boolean", ""),
        ('SecurityGroups[?!contains(`["a", "b"]`, GroupName)]', "list", "structure"),
        ("SecurityGroups[?VpcId==`null`].VpcId", "list", "string"),
        ("SecurityGroups[?GroupName==`web`].GroupName", "list", "string"),
        ("@", "structure", ""),
        ("*", "list", "any"),
        ("ResponseMetadata.HTTPStatusCode", "any", ""),
        ("max(SecurityGroups[].IpPermissions[].FromPort)", "integer", ""),
        ("SecurityGroups[].IpPermissions[?FromPort==ToPort][].IpProtocol", "list", "string"),
    ],
)  # fmt: skip
def test_the_shape_of_what_an_expression_gives(expression: str, kind: str, element: str) -> None:
    shape = clean(expression).shape
    assert (shape.kind, shape.element.kind if shape.kind == "list" else "") == (kind, element)


def test_maps_have_any_member() -> None:
    assert clean("Item.Name.S", answer("dynamodb.get_item")).shape.kind == "string"
    assert single("Item.Name.Ss", answer("dynamodb.get_item")).help == "did you mean 'SS'?"


@pytest.mark.parametrize(
    "expression",
    [
        "SecurityGroups[?GroupName == '${var.name}']",
        "SecurityGroups[?OwnerId == `${var.owner}`]",
        "SecurityGroups[].IpPermissions[?FromPort == `${var.port}`]",
        "SecurityGroups[${var.number}].GroupName",
        "SecurityGroups[?${var.filter}]",
        "SecurityGroups[].${var.member}.More",
        "SecurityGroups[?GroupName == '$${literally}']",
    ],
)
def test_references_are_holes(expression: str) -> None:
    clean(expression)


def test_beside_a_reference_faults_are_found_at_their_places() -> None:
    expression = "SecurityGroups[?GroupName == '${var.name}'].GroupNam"
    fault = single(expression)
    assert expression[fault.start : fault.end] == "GroupNam"


def test_a_text_with_a_reference_is_a_text() -> None:
    expression = "SecurityGroups[].IpPermissions[?FromPort == '${var.port}']"
    assert single(expression).message == "FromPort is a number, and '${var.port}' is a string: never true"


def test_a_reference_within_a_text_hides_no_broken_syntax() -> None:
    assert single("SecurityGroups[?GroupName = '${var.name}']").help == "write =="


def test_a_reference_that_is_not_filled_in_has_no_meaning() -> None:
    [fault] = typed("Role.${var.member}", GROUPS, is_filled=False).faults[-1:]
    assert (fault.code, fault.message) == ("syntax", "'$' has no meaning here")


def test_an_enum_in_a_text_with_a_reference_is_not_judged() -> None:
    clean("Reservations[].Instances[?State.Name=='${var.state}']", INSTANCES)


def published() -> Iterator[tuple[str, str, str]]:
    """Yield the expressions that botocore itself applies to answers, to page through them and to wait."""
    for service in sorted(services()):
        folder = max(DATA.glob(f"{service}/*/service-2.json*")).parent
        for path in (*folder.glob("paginators-1.json*"), *folder.glob("waiters-2.json*")):
            raw = path.read_bytes()
            found = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
            for name, pages in found.get("pagination", {}).items():
                for key in ("output_token", "result_key", "more_results", "non_aggregate_keys"):
                    each = pages.get(key, [])
                    yield from ((service, name, one) for one in (each if isinstance(each, list) else [each]))
            for waiter in found.get("waiters", {}).values():
                for one in waiter["acceptors"]:
                    if one["matcher"].startswith("path"):
                        yield service, waiter["operation"], one["argument"]


def test_finds_nothing_wrong_with_the_expressions_of_botocore_itself() -> None:
    count = 0
    for service, name, expression in published():
        found = operation(service, xform_name(name))
        assert found is not None
        assert (service, name, expression, typed(expression, found.output).faults) == (service, name, expression, ())
        count += 1
    assert count > 5_000


# What can be answered, small and complete: every member is there, so that nothing is null for want of luck.


def values(shape: Shape, depth: int = 0) -> st.SearchStrategy[Any]:
    """Make values of a shape."""
    if shape.enum:
        return st.sampled_from(shape.enum)
    if shape.kind == "structure":
        return st.fixed_dictionaries({name: values(one, depth + 1) for name, one in shape.members.items()})
    if shape.kind == "list":
        return st.lists(values(shape.element, depth + 1), max_size=2 if depth < 4 else 1)
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "boolean": st.booleans(),
        "integer": st.integers(0, 3),
        "float": st.floats(0, 3),
    }
    return kinds.get(shape.kind, st.sampled_from(["a", "80", "-1"]))


RIGHT = (
    OPEN_TO_SSH,
    "SecurityGroups",
    "SecurityGroups[].IpPermissions[].FromPort",
    "SecurityGroups[0].GroupName",
    "SecurityGroups[].{name: GroupName, ports: IpPermissions[].ToPort} | [0].ports",
    "SecurityGroups[].[GroupId, GroupName][]",
    "SecurityGroups[::2].IpPermissions[*].IpRanges[*].CidrIp",
    "map(&length(IpPermissions), SecurityGroups)",
    "sort_by(SecurityGroups, &GroupName)[-1].Tags[?Key=='a'].Value",
    "SecurityGroups[?contains(IpPermissions[].FromPort, `1`)].GroupId",
    "SecurityGroups[?length(IpPermissions) > `1` || !Tags].[GroupId][] | sort(@)",
    "join(',', SecurityGroups[].GroupName)",
    "to_array(SecurityGroups[0].GroupId || 'none')",
)
WRONG = (
    "SecurityGroup",
    "SecurityGroups[].IpPermisions",
    "SecurityGroups.IpPermissions",
    "SecurityGroups[].GroupId.Name",
    "SecurityGroups[].GroupId[0]",
    "SecurityGroups[].IpPermissions[?FromPort=='80'][]",
    "SecurityGroups[?GroupName==`80`]",
    "SecurityGroups[?GroupName=='a'].Groupname",
    "SecurityGroups[0].{a: GroupNam}.a",
    "SecurityGroups.*",
    "[*].GroupId",
)


def fits(value: Value, shape: Shape) -> bool:
    """Say whether a value is one of a shape, or nothing."""
    if value is None or shape.kind == "any":
        return True
    if kind_of(value) not in shape.values:
        return False
    if isinstance(value, list):
        return all(fits(one, shape.element) for one in value)
    return not isinstance(value, dict) or all(fits(one, shape.members[name]) for name, one in value.items())


@pytest.mark.parametrize("expression", RIGHT)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_an_expression_gives_what_its_shape_says(expression: str, data: st.DataObject) -> None:
    groups = {"SecurityGroups": data.draw(values(GROUPS.members["SecurityGroups"]))}
    assert fits(jmespath.search(expression, groups), clean(expression).shape)


@pytest.mark.parametrize("expression", WRONG)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_faulty_path_gives_nothing_whatever_is_answered(expression: str, data: st.DataObject) -> None:
    groups = {"SecurityGroups": data.draw(values(GROUPS.members["SecurityGroups"]))}
    assert single(expression)
    assert jmespath.search(expression, groups) in (None, [])


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="abSecurityGroups[]?.*@&|!=<>'`\"(){},:-0 1\\$\u00e9", max_size=25))
def test_faults_stand_within_the_expression(expression: str) -> None:
    for fault in typed(expression, GROUPS).faults:
        assert 0 <= fault.start <= fault.end <= len(expression)
        assert fault.start < fault.end or not expression


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab[]?.*@&|!=<>'`\"(){},:-0 1\\", max_size=20))
def test_what_jmespath_cannot_read_is_a_syntax_fault_and_nothing_else_is(expression: str) -> None:
    try:
        with warnings.catch_warnings(action="ignore"):  # a literal that is no JSON
            jmespath.compile(expression)
        is_read = True
    except ValueError:
        is_read = False
    faults = typed(expression, Shape("any")).faults
    calls = any("()" in fault.message or "function" in fault.message for fault in faults)
    assert any(fault.code == "syntax" for fault in faults) is (not is_read or calls)
