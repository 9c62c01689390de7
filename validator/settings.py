"""What a run is told about the delivery that it proofreads: plain frozen data."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Exempt:
    """Who and what may act outside the approved regions."""

    services: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """The facts that rules may ask for; a rule gets them by a keyword-only parameter annotated `Settings`.

    Attributes:
        approved_regions: Where the delivery may act; empty if nobody said.
        deploy_regions: What `AWS::Region` can be; the approved regions unless said otherwise.
        today: The day that end-of-life dates are compared with; never read from a clock by a rule.
        jobs: How many processes may work beside this one.
    """

    approved_regions: tuple[str, ...] = ()
    deploy_regions: tuple[str, ...] = ()
    partition: str = "aws"
    exempt: Exempt = Exempt()
    today: date = date.min
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class StackFiles:
    """A template and the parameter files that it is deployed with; globs relative to the configuration's folder."""

    template: str
    parameters: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateMap:
    """Where the templates behind a URL lie: a URL glob that ends in `/`, and the folder that stands for it."""

    url: str
    path: str


@dataclass(frozen=True, slots=True)
class PolicyFiles:
    """What kind of policy the files are: `identity | resource | trust | scp | rcp | boundary | session`."""

    files: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class PolicyGroup:
    """Policies that act together, as globs of files by kind."""

    scp: tuple[str, ...] = ()
    rcp: tuple[str, ...] = ()
    boundary: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """What the configuration says of how files belong together; the project is linked with it."""

    stacks: tuple[StackFiles, ...] = ()
    template_map: tuple[TemplateMap, ...] = ()
    policies: tuple[PolicyFiles, ...] = ()
    policy_sets: tuple[PolicyGroup, ...] = ()
