"""What a spec expects and the template cannot give; what it might give is never spoken of."""

from pathlib import Path

import pytest

from validator.testing import findings

RULE = "environment-contradicts-template"
ROOT = """\
Parameters:
  Size: {Type: String}
  Secret: {Type: String, NoEcho: true}
  Open: {Type: String, AllowedValues: ["yes", "no"]}
Conditions:
  IsOpen: !Equals [!Ref Open, "yes"]
Resources:
  Web:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: web.yml
      Parameters: {Size: !Ref Size, Secret: !Ref Secret, Scheme: !If [IsOpen, internet-facing, internal]}
Outputs:
  Size: {Value: !Ref Size}
"""
WEB = """\
Parameters:
  Size: {Type: String}
  Secret: {Type: String, NoEcho: true}
  Scheme: {Type: String}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 80, ToPort: "80", CidrIp: 0.0.0.0/0}
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
      Tags: [{Key: Name, Value: web}]
  Server:
    Type: AWS::EC2::Instance
    Properties:
      InstanceType: !Ref Size
      KeyName: !Ref Secret
      SecurityGroupIds: [!GetAtt Group.GroupId]
      UserData: !Sub "key-${AWS::StackName}"
  Db:
    Type: AWS::RDS::DBInstance
    Properties: {DBInstanceIdentifier: WebDb, EngineVersion: "8.4", KmsKeyId: alias/own}
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Scheme: !Ref Scheme}
"""
CONFIG = '[[stacks]]\ntemplate = "root.yml"\nparameters = "*.json"\n'
TEST = '{"Parameters": {"Size": "t3.small", "Secret": "hunter2", "Open": "no"}}'


def found(expect: str, resource: str = "Web/Server", **more: str) -> list[str]:
    spec = f"envspec: 1\nchecks:\n- {{id: a, resource: {resource}, expect: {expect}}}\n"
    files = {"root.yml": ROOT, "web.yml": WEB, "test.json": TEST, "stackproof.toml": CONFIG, "spec.yml": spec, **more}
    return [one.message for one in findings(RULE, files)]


def test_follows_a_parameter_from_the_file_down_to_the_property() -> None:
    spec = "envspec: 1\nchecks:\n- {id: a, resource: Web/Server, expect: {InstanceType: t3.large}}\n"
    files = {"root.yml": ROOT, "web.yml": WEB, "test.json": TEST, "stackproof.toml": CONFIG, "spec.yml": spec}
    [finding] = findings(RULE, files)
    assert finding.message == "'InstanceType' is to be 't3.large', and web.yml makes it 't3.small'"
    assert (finding.at.text, finding.at.span.line, finding.at.span.column) == ("t3.large", 3, 56)
    assert [at.document.path for at, _ in finding.related] == ["web.yml", "test.json"]


@pytest.mark.parametrize(
    ("resource", "expect"),
    [
        ("Web/Server", "{InstanceType: {in: [t3.micro, t3.large]}}"),
        ("Web/Server", "{InstanceType: {matches: 'm5.*'}}"),
        ("Web/Server", "{InstanceType: {exists: false}}"),
        ("Web/Server", "{UserData: lock-x}"),
        ("Web/Group", "{SecurityGroupIngress: {contains: {FromPort: 8080}}}"),
        ("Web/Group", "{SecurityGroupIngress: [{FromPort: 80}]}"),
        ("Web/Group", "{SecurityGroupIngress: {some: {FromPort: 80, ToPort: 81}}}"),
        ("Web/Balancer", "{Scheme: internet-facing}"),
        ("Web/Db", "{EngineVersion: 8.0.1}"),
    ],
)
def test_reports(resource: str, expect: str) -> None:
    assert len(found(expect, resource)) == 1


@pytest.mark.parametrize(
    ("resource", "expect"),
    [
        ("Web/Server", "{InstanceType: t3.small}"),
        # What only AWS knows, what is a secret, what the template does not set.
        ("Web/Server", "{SecurityGroupIds: [sg-1]}"),
        ("Web/Server", "{KeyName: other}"),
        ("Web/Server", "{ImageId: ami-1}"),
        ("Web/Server", "{UserData: key-Master-test}"),
        ("Web/Server", '{InstanceType: "${resource:Web/Group}"}'),
        ("Web/Group", "{SecurityGroupIngress: [{FromPort: 443}, {FromPort: '80'}]}"),
        # Stacks add tags of their own.
        ("Web/Group", "{Tags: [{Key: Owner, Value: me}]}"),
        # AWS answers in small letters, in full, as an ARN.
        ("Web/Db", "{DBInstanceIdentifier: webdb}"),
        ("Web/Db", "{EngineVersion: 8.4.3}"),
        ("Web/Db", '{KmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1"}'),
        # There is no such resource, which is another rule's affair.
        ("Web/Nothing", "{InstanceType: x}"),
    ],
)
def test_accepts(resource: str, expect: str) -> None:
    assert not found(expect, resource)


def test_what_one_of_several_deployments_gives_contradicts_nothing() -> None:
    large = '{"Parameters": {"Size": "t3.large", "Secret": "hunter2", "Open": "no"}}'
    assert not found("{InstanceType: t3.large}", **{"prod.json": large})


def test_variables_of_the_target_have_their_values() -> None:
    spec = """\
envspec: 1
vars: {size: t3.small}
targets: {big: {vars: {size: t3.large}}, small: {region: eu-west-1}}
checks:
- {id: a, resource: Web/Server, expect: {InstanceType: "${var.size}"}}
"""
    assert found("{}", **{"spec.yml": spec}) == ["'InstanceType' is to be 't3.large', and web.yml makes it 't3.small'"]


def test_an_output_is_compared_too() -> None:
    spec = "envspec: 1\nchecks:\n- {id: a, output: Size, expect: t3.nano}\n"
    assert len(found("{}", **{"spec.yml": spec})) == 1


def test_a_resource_of_its_own_may_open_a_group_further() -> None:
    more = (
        WEB
        + """\
  More:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !GetAtt Group.GroupId, IpProtocol: tcp, FromPort: 8080, ToPort: 8080, CidrIp: 0.0.0.0/0}
"""
    )
    assert not found("{SecurityGroupIngress: {contains: {FromPort: 8080}}}", "Web/Group", **{"web.yml": more})


# --- what stands in a template, and what AWS makes of it --------------------------------------------------------------

KINDS = """\
Parameters:
  Ports: {Type: CommaDelimitedList, Default: "80, 443"}
  Ami: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", Default: /ami}
  Env: {Type: String, Default: test}
Mappings: {Sizes: {test: {Size: t3.small}}, Regions: {eu-west-1: {Size: t3.nano}, us-east-1: {Size: t3.micro}}}
Resources:
  Server:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: !Ref Ami
      InstanceType: !FindInMap [Sizes, !Ref Env, Size]
      PrivateIpAddress: "{{resolve:ssm:/ip}}"
      BlockDeviceMappings: [{DeviceName: /dev/sda1}]
      SecurityGroupIds: [sg-1, sg-2]
      Tags: [{Key: Name, Value: !Sub "web-${AWS::Region}"}]
  Other: {Type: AWS::EC2::Instance, Properties: {InstanceType: !FindInMap [Regions, !Ref "AWS::Region", Size]}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      SecurityGroupIngress:
      - {IpProtocol: "6", FromPort: !Select [1, !Ref Ports], ToPort: 443, CidrIp: 10.0.0.1/8}
  Scaling: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 1, MaxSize: 5, DesiredCapacity: 2}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {KeySchema: [], ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}}
  Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetGroupAttributes: [{Key: a, Value: b}]}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
        - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: ["sts:AssumeRole"]}
        - {Effect: Deny, Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}, Action: "sts:TagSession"}
Outputs:
  Region: {Value: !Ref "AWS::Region"}
"""


def of_kinds(resource: str, expect: str, template: str = KINDS) -> list[str]:
    spec = (
        "envspec: 1\ntargets: {t: {region: eu-west-1}}\n"
        f"checks:\n- {{id: a, resource: {resource}, expect: {expect}}}\n"
    )
    return [one.message for one in findings(RULE, {"root.yml": template, "spec.yml": spec})]


@pytest.mark.parametrize(
    ("resource", "expect"),
    [
        ("Server", "{ImageId: ami-1, PrivateIpAddress: 10.0.0.1}"),
        ("Server", "{BlockDeviceMappings: {contains: {DeviceName: /dev/sdb}}}"),
        ("Server", "{SecurityGroupIds: {exactly: [sg-2, sg-1]}}"),
        ("Server", "{Tags: {contains: {Key: Name, Value: web-eu-west-1}}}"),
        ("Other", "{InstanceType: t3.nano}"),
        ("Group", "{SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, CidrIp: 10.0.0.0/8}]}"),
        ("Scaling", "{DesiredCapacity: 4}"),
        ("Targets", "{TargetGroupAttributes: {contains: {Key: stickiness.enabled}}}"),
        ("Role", "{AssumeRolePolicyDocument: {policy: [{Effect: Allow}]}}"),
    ],
)
def test_what_aws_may_make_of_it_contradicts_nothing(resource: str, expect: str) -> None:
    assert not of_kinds(resource, expect)


@pytest.mark.parametrize(
    ("resource", "expect", "wanted", "given"),
    [
        ("Server", "{InstanceType: {in: [t3.large]}}", "'InstanceType' is to be one of 't3.large'", "'t3.small'"),
        ("Server", "{InstanceType: {matches: 'm5.*'}}", "'InstanceType' is to match 'm5.*'", "'t3.small'"),
        ("Server", "{SecurityGroupIds: {exactly: [sg-2, sg-3]}}", "'SecurityGroupIds' is to be 'sg-3'", "'sg-1'"),
        ("Server", "{Tags: {contains: {Key: Name, Value: db}}}", "'Value' is to be 'db'", "'web-*'"),
        ("Group", "{SecurityGroupIngress: [{FromPort: 80}]}", "'FromPort' is to be 80", "'443'"),
        ("Scaling", "{MaxSize: {gte: 6}}", "'MaxSize' is to be at least 6", "5"),
        ("Table", "{ProvisionedThroughput: {ReadCapacityUnits: 6}}", "'ReadCapacityUnits' is to be 6", "5"),
        ("Targets", "{TargetGroupAttributes: {contains: {Key: a, Value: c}}}", "'Value' is to be 'c'", "'b'"),
    ],
)
def test_says_what_is_to_be_and_what_will_be(resource: str, expect: str, wanted: str, given: str) -> None:
    assert of_kinds(resource, expect) == [f"{wanted}, and root.yml makes it {given}"]


@pytest.mark.parametrize(
    ("check", "message"),
    [
        ("count: 3", "'count' is to be 3, and root.yml makes it 2"),
        ("count: {gt: 2}", "'count' is to be more than 2, and root.yml makes it 2"),
        ("count: 1", ""),
        ("count: {lte: 5}", ""),
        ("count: '${output:Region}'", ""),
        # What no count can be, other rules say.
        ("count: three", ""),
        ("count: {gte: three}", ""),
    ],
)
def test_there_are_no_more_resources_than_templates_make(check: str, message: str) -> None:
    spec = f"envspec: 1\nchecks:\n- {{id: a, resources: {{type: 'AWS::EC2::Instance'}}, {check}}}\n"
    every = findings(RULE, {"root.yml": KINDS, "spec.yml": spec})
    assert [one.message for one in every] == ([message] if message else [])


def test_what_several_targets_contradict_is_told_once() -> None:
    spec = (
        "envspec: 1\ntargets: {a: {vars: {size: t3.large}}, b: {vars: {size: t3.nano}}}\n"
        'checks:\n- {id: a, resource: Web/Server, expect: {InstanceType: "${var.size}"}}\n'
    )
    assert found("{}", **{"spec.yml": spec}) == ["'InstanceType' is to be 't3.large', and web.yml makes it 't3.small'"]


def test_what_scales_is_not_told() -> None:
    scaling = "  Steered: {Type: AWS::ApplicationAutoScaling::ScalableTarget}\nOutputs:\n"
    template = KINDS.replace("Outputs:\n", scaling)
    assert not of_kinds("Table", "{ProvisionedThroughput: {ReadCapacityUnits: 6}}", template)


def test_a_macro_may_make_anything() -> None:
    assert not of_kinds("Scaling", "{MaxSize: 6}", "Transform: Own\n" + KINDS)


TRUST = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: web
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}]
"""


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ("Allow", "Deny", "Deny", "'Effect' is to be 'Deny', and root.yml makes it 'Allow'"),
        (
            "ec2.amazonaws.com",
            "ecs.amazonaws.com",
            "ecs.amazonaws.com",
            "'Service' is to be 'ecs.amazonaws.com', and root.yml makes it 'ec2.amazonaws.com'",
        ),
        (
            "Service: ec2.amazonaws.com",
            "AWS: '*'",
            "{AWS: '*'}",
            "'Principal' is to be {'AWS': '*'}, and root.yml makes it {'Service': 'ec2.amazonaws.com'}",
        ),
        ("Effect", "Efect", "Allow", "'Efect' is to be 'Allow', and root.yml makes it nothing"),
    ],
)
def test_of_a_policy_the_element_that_differs_is_told(old: str, new: str, at: str, message: str) -> None:
    statement = '{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}'.replace(old, new)
    check = "envspec: 1\nchecks:\n- {id: a, resource: Role, expect: {AssumeRolePolicyDocument: {policy: %s}}}\n"
    legacy = f"get_role: {{Name: web, Properties: {{AssumeRolePolicyDocument: [{statement}]}}}}\n"
    for spec in (legacy, check % f"[{statement}]", check % f"{{Statement: {statement}}}"):
        [finding] = findings(RULE, {"root.yml": TRUST, "env-details.yml": spec})
        assert (finding.at.text, finding.message) == (at, message)


def test_an_output_is_called_by_its_name() -> None:
    spec = "envspec: 1\nchecks:\n- {id: a, output: Size, expect: t3.nano}\n"
    assert found("{}", **{"spec.yml": spec}) == ["'Size' is to be 't3.nano', and root.yml makes it 't3.small'"]


# --- the first format -------------------------------------------------------------------------------------------------

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "nested" / "awslabs+codepipeline-nested-cfn"
SPEC = "validate-resources/env-details.yml"
CHANGES = [
    ("FromPort: 80", "FromPort: 8080", "cfn-nested-repo/security-stack.yml"),
    ("KeyName: codepipeline-demo", "KeyName: other", "cfn-nested-repo/server-stack.yml"),
    ("Scheme: internet-facing", "Scheme: internal", "cfn-nested-repo/server-stack.yml"),
    ("InstanceType: t2.large", "InstanceType: t2.micro", "cfn-nested-repo/server-stack.yml"),
    ("MaxSize: 1", "MaxSize: 2", "cfn-nested-repo/server-stack.yml"),
    ("LoadBalancerPort: 80", "LoadBalancerPort: 443", "cfn-nested-repo/server-stack.yml"),
    ("ec2.amazonaws.com", "lambda.amazonaws.com", "cfn-nested-repo/security-stack.yml"),
]


@pytest.fixture
def corpus() -> dict[str, str]:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not there")
    return {file.relative_to(CORPUS).as_posix(): file.read_text() for file in CORPUS.rglob("*.[jy]*") if file.is_file()}


def test_the_corpus_agrees_with_itself(corpus: dict[str, str]) -> None:
    assert not findings(RULE, corpus)


@pytest.mark.parametrize(("old", "new", "template"), CHANGES)
def test_each_change_of_the_corpus_is_found_where_it_is(
    old: str, new: str, template: str, corpus: dict[str, str]
) -> None:
    assert old in corpus[SPEC]
    corpus[SPEC] = corpus[SPEC].replace(old, new, 1)
    [finding] = findings(RULE, corpus)
    assert new.rpartition(" ")[2] in finding.at.text
    assert {template, "cfn-nested-repo/config-test.json"} <= {at.document.path for at, _ in finding.related}
    assert finding.related[0][0].document.path == template


LEGACY = """\
describe_security_groups:
  Name: {name}
  Properties: {{IpProtocol: tcp, FromPort: {port}, ToPort: {port}, Target: 0.0.0.0/0}}
"""


@pytest.mark.parametrize(
    ("name", "port", "count"), [("Group", 80, 0), ("Group", 443, 0), ("Group", 22, 2), ("Elsewhere", 22, 0)]
)
def test_of_several_rules_one_must_fit_and_names_must(name: str, port: int, count: int) -> None:
    assert len(found("{}", **{"spec.yml": LEGACY.format(name=name, port=port)})) == count


def test_only_a_deployment_that_has_the_names_counts() -> None:
    template = """\
Parameters: {Env: {Type: String}, Size: {Type: String}}
Resources:
  Config:
    Type: AWS::AutoScaling::LaunchConfiguration
    Properties: {LaunchConfigurationName: !Sub "web-${Env}", InstanceType: !Ref Size, ImageId: ami-1}
"""
    spec = "describe_launch_configurations:\n  Name: web-test\n  Properties: {InstanceType: t3.large}\n"
    files = {
        "root.yml": template,
        "test.json": '{"Parameters": {"Env": "test", "Size": "t3.small"}}',
        "prod.json": '{"Parameters": {"Env": "prod", "Size": "t3.large"}}',
        "stackproof.toml": CONFIG,
        "env-details.yml": spec,
    }
    assert len(findings(RULE, files)) == 1


def test_what_a_variable_holds_is_reported_where_it_is_used() -> None:
    spec = """\
envspec: 1
vars: {size: {any_of: [t3.large, t3.nano]}}
checks:
- {id: a, resource: Web/Server, expect: {InstanceType: "${var.size}"}}
"""
    files = {"root.yml": ROOT, "web.yml": WEB, "test.json": TEST, "stackproof.toml": CONFIG, "spec.yml": spec}
    [finding] = findings(RULE, files)
    assert finding.at.text == '"${var.size}"'


@pytest.mark.parametrize(("stage", "number"), [("prod", 1), ("test", 0)])
def test_a_check_for_other_values_of_a_variable_contradicts_nothing(stage: str, number: int) -> None:
    spec = f"""\
envspec: 1
vars: {{stage: {stage}}}
checks:
- {{id: a, when: {{var: stage, equals: prod}}, resource: Web/Server, expect: {{InstanceType: m5.large}}}}
"""
    files = {"root.yml": ROOT, "web.yml": WEB, "test.json": TEST, "stackproof.toml": CONFIG, "spec.yml": spec}
    assert len(findings(RULE, files)) == number
