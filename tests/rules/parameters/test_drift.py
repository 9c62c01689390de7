"""Rule parameters-drift."""

import pytest

from validator.testing import check_rule, findings

RULE = "parameters-drift"
TEMPLATE = """\
Parameters:
  Env: {Type: String}
  Days: {Type: Number, Default: 1}
Resources: {T: {Type: AWS::SNS::Topic}}
"""
CONFIG = '[[stacks]]\ntemplate = "main.yml"\nparameters = "c/*.json"\n'


def test_does_what_its_documentation_says() -> None:
    check_rule(RULE)


def files(*given: str, template: str = TEMPLATE) -> dict[str, str]:
    texts = {f"c/{number}.json": f'{{"Parameters": {{{text}}}}}' for number, text in enumerate(given)}
    return {"main.yml": template, "stackproof.toml": CONFIG, **texts}


def test_points_at_the_file_that_lacks_it_and_names_the_others() -> None:
    [finding] = findings(RULE, files('"Days": "2"', '"Env": "x"', '"Days": "3"'))
    assert (finding.at.span.path, finding.at.text) == ("c/1.json", '"Parameters"')
    assert [node.span.path for node, _ in finding.related] == ["c/0.json", "c/2.json", "main.yml"]


@pytest.mark.parametrize(
    "given",
    [
        ('"Days": "2"', "", ""),  # an exception that somebody made
        ('"Days": "2"', ""),  # which of two is the exception
        ('"Env": "x"', '"Env": "x"', ""),  # it has no Default, so that it is missing
        ('"Days": "1"', '"Days": 1', ""),  # the Default makes no difference
        ('"Other": "2"', '"Other": "3"', ""),  # nobody declares it
        ('"Days": "2"', '"Days": "3"', '"Dyas": "4"'),  # it is misspelt
    ],
)
def test_accepts(given: tuple[str, ...]) -> None:
    assert not findings(RULE, files(*given))


def test_a_macro_may_declare_others() -> None:
    assert not findings(RULE, files('"Days": "2"', "", '"Days": "3"', template=f"Transform: Mine\n{TEMPLATE}"))
