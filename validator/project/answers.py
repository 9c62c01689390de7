"""What AWS says of templates and policies where it is asked: plain data, which rules turn into findings."""

from dataclasses import dataclass

from validator.cloudformation.template import Template
from validator.document import Node
from validator.iam.policy import Policy


@dataclass(frozen=True, slots=True)
class TemplateAnswer:
    """What CloudFormation's ValidateTemplate says of a template.

    Attributes:
        refusal: Why CloudFormation refuses it, in its words; empty if it does not.
        missing: Why there is no answer; empty if there is one.
    """

    template: Template
    refusal: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that IAM Access Analyzer has to say of a policy, in its words.

    Attributes:
        level: `ERROR | SECURITY_WARNING | WARNING | SUGGESTION`.
        code: Its name of the check: `PASS_ROLE_WITH_STAR_IN_RESOURCE`.
        link: The page about the check; may be empty.
        places: What it is about, at least one node.
    """

    level: str
    code: str
    text: str
    link: str
    places: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class PolicyAnswer:
    """What IAM Access Analyzer's ValidatePolicy says of a policy with the values that it is deployed with.

    Attributes:
        sure: The policy is deployed with these values wherever it is.
        missing: Why there is no answer, although there was a question; empty if there is one.
        open: Why there was no question: what the policy will say is not known; empty if there was one.
    """

    policy: Policy
    remarks: tuple[Remark, ...] = ()
    sure: bool = True
    missing: str = ""
    open: str = ""


Answer = TemplateAnswer | PolicyAnswer
