"""One word of a right spec changed at a time: what is wrong is found where it stands, with what was meant."""

import pytest

from validator.testing import findings

# ruff: noqa: E501  # a row for each case
SPEC = """\
envspec: 1
name: web tier
vars: {env: test, port: 80}
targets:
  test: {account: "123456789012", region: eu-west-1, stack: Master-test}
allow_sensitive_reads: [secretsmanager.get_secret_value]
checks:
- id: groups
  call: ec2.describe_security_groups
  with: {GroupIds: ["${resource:SecurityStack/WebSecurityGroup}"], MaxResults: 50}
  select: "SecurityGroups[].IpPermissions[] | [?FromPort==`80` && contains(IpRanges[].CidrIp, '0.0.0.0/0')]"
  count: 1
- id: instances
  call: ec2.describe_instances
  with: {Filters: [{Name: tag:env, Values: ["${var.env}"]}]}
  select: "Reservations[].Instances[] | [?State.Name=='running' && EbsOptimized==`true`]"
  count: {gte: 1}
  expect:
    "[*].InstanceType": {each: t3.small}
    "[*].Placement.Tenancy": {each: {in: [default, dedicated]}}
    "[*].NetworkInterfaces[].Attachment.DeviceIndex": {each: {lt: 4}}
- id: group
  call: autoscaling.describe_auto_scaling_groups
  with: {AutoScalingGroupNames: [WebASG]}
  expect:
    "AutoScalingGroups[].MinSize": [1]
    "AutoScalingGroups[0].Instances": {each: {LifecycleState: InService, ProtectedFromScaleIn: false}}
    "length(AutoScalingGroups[].Tags[])": 3
  also:
    call: autoscaling.describe_scaling_activities
    with: {AutoScalingGroupName: WebASG}
    expect: {"Activities[0].StatusCode": Successful}
- id: role
  call: iam.get_role
  with: {RoleName: "WebRole-${var.env}"}
  expect:
    Role.MaxSessionDuration: {between: [3600, 7200]}
    Role.AssumeRolePolicyDocument.Version: "2012-10-17"
- id: database
  call: rds.describe_db_instances
  with: {DBInstanceIdentifier: web}
  select: "sort_by(DBInstances, &DBInstanceIdentifier)[].{port: Endpoint.Port, version: EngineVersion, open: PubliclyAccessible}"
  expect: {"[].port": [3306], "[].version": {each: {version: ">=8.0"}}, "[].open": {none: true}}
- id: table
  call: dynamodb.describe_table
  with: {TableName: web}
  expect: {Table: {TableStatus: ACTIVE, KeySchema: [{AttributeName: id, KeyType: HASH}]}}
- id: secret
  call: secretsmanager.get_secret_value
  with: {SecretId: web}
  expect: {VersionStages: {contains: AWSCURRENT}}
"""

LEGACY = """\
describe_security_groups:
  Name: WebSecurityGroup
  Properties: {IpProtocol: tcp, FromPort: 80, ToPort: 80, Target: 0.0.0.0/0}
get_role:
  Name: WebRole
  Properties:
    AssumeRolePolicyDocument:
    - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}
describe_load_balancers:
  Name: WebELB
  Properties:
    Scheme: internet-facing
    Listeners: [{LoadBalancerPort: 443, InstancePort: 80, Protocol: HTTPS}]
describe_launch_configurations:
  Name: WebLaunchConfig
  Properties: {KeyName: web, InstanceType: t3.small, EbsOptimized: true}
describe_auto_scaling_groups:
  Name: WebASG
  Properties: {LaunchConfigurationName: Web, MinSize: 1, MaxSize: 2, LoadBalancerNames: WebELB}
"""

# What is changed: a text that stands there once, what comes in its place; the rule, the place in the text, and the help.
CORRUPTIONS = [
    # services and operations
    ("ec2.describe_instances", "ec2.describe_instance", "unknown-operation", "ec2.describe_instance", "did you mean 'describe_instances'?"),
    ("iam.get_role", "iam.get_rol", "unknown-operation", "iam.get_rol", "did you mean 'get_role'?"),
    ("iam.get_role", "iams.get_role", "unknown-operation", "iams.get_role", "did you mean 'iam'?"),
    ("autoscaling.describe_scaling_activities", "autoscaling.describe_scaling_activitys", "unknown-operation", "autoscaling.describe_scaling_activitys", "did you mean 'describe_scaling_activities'?"),
    ("dynamodb.describe_table", "dynamodb.delete_table", "not-read-only", "dynamodb.delete_table", "call one that describes, gets or lists"),
    ("allow_sensitive_reads: [secretsmanager.get_secret_value]", "allow_sensitive_reads: [secretsmanager.batch_get_secret_value]", "sensitive-read", "secretsmanager.get_secret_value", "read something else about it, or add 'secretsmanager.get_secret_value' to `allow_sensitive_reads`"),
    # parameters
    ("GroupIds:", "GroupIDs:", "unknown-parameter", "GroupIDs", "did you mean 'GroupIds'?"),
    ("Filters: [", "Filter: [", "unknown-parameter", "Filter", "did you mean 'Filters'?"),
    ("Values: [", "Value: [", "unknown-parameter", "Value", "did you mean 'Values'?"),
    ("DBInstanceIdentifier: web", "DbInstanceId: web", "unknown-parameter", "DbInstanceId", "known: DBInstanceIdentifier, Filters, Marker, MaxRecords"),
    ("with: {AutoScalingGroupNames: [WebASG]}", "with: {AutoScalingGroupNames: WebASG}", "parameter-type", "WebASG", "write [WebASG]"),
    ("MaxResults: 50", "MaxResults: '50'", "parameter-type", "'50'", "write 50, without quotes"),
    ("TableName: web", "TableName: 12", "parameter-type", "12", "write '12', in quotes"),
    ("TableName: web", "TableName: []", "parameter-type", "[]", ""),
    ('with: {RoleName: "WebRole-${var.env}"}', "with: {}", "missing-parameter", "with", "add 'RoleName'"),
    ("with: {SecretId: web}", "with: {VersionId: web}", "missing-parameter", "with", "add 'SecretId'"),
    # paths
    ("SecurityGroups[].IpPermissions[]", "SecurityGroups[].IpPermisions[]", "path-not-in-answer", "IpPermisions", "did you mean 'IpPermissions'?"),
    ("SecurityGroups[].IpPermissions[]", "SecurityGroups.IpPermissions[]", "path-not-in-answer", "IpPermissions", "write [].IpPermissions, or [0].IpPermissions"),
    ("IpRanges[].CidrIp", "IpRanges[].CidrIP", "path-not-in-answer", "CidrIP", "did you mean 'CidrIp'?"),
    ("Reservations[].Instances[]", "Reservation[].Instances[]", "path-not-in-answer", "Reservation", "did you mean 'Reservations'?"),
    ("State.Name", "State.Nam", "path-not-in-answer", "Nam", "did you mean 'Name'?"),
    ("[*].Placement.Tenancy", "[*].Placement.Tenency", "path-not-in-answer", "Tenency", "did you mean 'Tenancy'?"),
    ("AutoScalingGroups[].MinSize", "AutoScalingGroups[].Minsize", "path-not-in-answer", "Minsize", "did you mean 'MinSize'?"),
    ("LifecycleState: InService", "LifeCycleStat: InService", "path-not-in-answer", "LifeCycleStat", "did you mean 'LifecycleState'?"),
    ("Endpoint.Port", "Endpoint.Prt", "path-not-in-answer", "Prt", "did you mean 'Port'?"),
    ("[].version", "[].verson", "path-not-in-answer", "verson", "did you mean 'version'?"),
    ("KeyType: HASH", "KeyTypes: HASH", "path-not-in-answer", "KeyTypes", "did you mean 'KeyType'?"),
    ("Role.MaxSessionDuration", "Role.MaxSessionDuratio", "path-not-in-answer", "MaxSessionDuratio", "did you mean 'MaxSessionDuration'?"),
    ("VersionStages:", "VersionsStages:", "path-not-in-answer", "VersionsStages", "did you mean 'VersionStages'?"),
    ("[?FromPort==`80`", "[?FromPort=`80`", "path-syntax", "=", "write =="),
    ("contains(IpRanges", "contain(IpRanges", "path-syntax", "contain", "did you mean 'contains'?"),
    ("length(AutoScalingGroups[].Tags[])", "length(AutoScalingGroups[].Tags[]", "path-syntax", "]", ""),
    ("&DBInstanceIdentifier", "DBInstanceIdentifier", "function-argument", "DBInstanceIdentifier", "write & before it"),
    # comparisons, types and enums
    ("FromPort==`80`", "FromPort=='80'", "impossible-comparison", "'80'", "write `80`, in backticks"),
    ("State.Name=='running'", "State.Name=='runing'", "impossible-comparison", "'runing'", "did you mean 'running'?"),
    ("EbsOptimized==`true`", "EbsOptimized=='true'", "impossible-comparison", "'true'", "write `true`, in backticks"),
    ("LifecycleState: InService", "LifecycleState: InServise", "expectation-type", "InServise", "did you mean 'InService'?"),
    ('StatusCode": Successful', 'StatusCode": Succesful', "expectation-type", "Succesful", "did you mean 'Successful'?"),
    ("TableStatus: ACTIVE", "TableStatus: ACTVE", "expectation-type", "ACTVE", "did you mean 'ACTIVE'?"),
    ("[default, dedicated]", "[default, dedicted]", "expectation-type", "dedicted", "did you mean 'dedicated'?"),
    ("{each: t3.small}", "{each: t3.smal}", "expectation-type", "t3.smal", "did you mean 't3.small'?"),
    ('MinSize": [1]', "MinSize\": ['1']", "expectation-type", "'1'", "write 1, without quotes"),
    ('MinSize": [1]', 'MinSize": 1', "expectation-type", "1", "write [0] behind the path, or say it of the elements by some, each or contains"),
    ("ProtectedFromScaleIn: false", "ProtectedFromScaleIn: 'false'", "expectation-type", "'false'", "write false, without quotes"),
    ('[].port": [3306]', '[].port": [mysql]', "expectation-type", "mysql", ""),
    ('{each: {version: ">=8.0"}}', "{each: {gte: 8}}", "expectation-type", "gte", "write 'version' for versions"),
    ("{none: true}", "{none: 'true'}", "expectation-type", "'true'", "write true, without quotes"),
    # references and matchers
    ("${resource:", "${resource.", "undefined-reference", "${resource.SecurityStack/WebSecurityGroup}", "did you mean '${resource:SecurityStack/WebSecurityGroup}'?"),
    ("WebRole-${var.env}", "WebRole-${var.enw}", "undefined-reference", "${var.enw}", "did you mean 'env'?"),
    ("{between: [3600, 7200]}", "{betwen: [3600, 7200]}", "unknown-operator", "betwen", "did you mean 'between'?"),
    ("{between: [3600, 7200]}", "{between: [7200, 3600]}", "impossible-expectation", "[7200, 3600]", "write what the value can be"),
]  # fmt: skip
LEGACY_CORRUPTIONS = [
    ("describe_security_groups", "describe_security_group", "unknown-operation", "describe_security_group", "did you mean 'describe_security_groups'?"),
    ("get_role", "get_rol", "unknown-operation", "get_rol", "did you mean 'get_role'?"),
    ("describe_load_balancers", "describe_loadbalancers", "unknown-operation", "describe_loadbalancers", "did you mean 'describe_load_balancers'?"),
    ("describe_launch_configurations", "describe_launch_config", "unknown-operation", "describe_launch_config", ""),
    ("FromPort", "FromPrt", "legacy-unknown-property", "FromPrt", "did you mean 'FromPort'?"),
    ("IpProtocol", "IpProtocl", "legacy-unknown-property", "IpProtocl", "did you mean 'IpProtocol'?"),
    ("AssumeRolePolicyDocument", "AssumeRolePolicy", "legacy-unknown-property", "AssumeRolePolicy", "did you mean 'AssumeRolePolicyDocument'?"),
    ("Scheme", "Schema", "legacy-unknown-property", "Schema", "did you mean 'Scheme'?"),
    ("InstancePort", "InstancePrt", "legacy-unknown-property", "InstancePrt", "did you mean 'InstancePort'?"),
    ("KeyName", "Keyname", "legacy-unknown-property", "Keyname", "did you mean 'KeyName'?"),
    ("InstanceType", "InstanceTyp", "legacy-unknown-property", "InstanceTyp", "did you mean 'InstanceType'?"),
    ("MinSize", "MinSiz", "legacy-unknown-property", "MinSiz", "did you mean 'MinSize'?"),
    ("LoadBalancerNames", "LoadBalancerName", "legacy-unknown-property", "LoadBalancerName", "did you mean 'LoadBalancerNames'?"),
]  # fmt: skip

RULES = [
    *("expectation-type", "function-argument", "impossible-comparison", "impossible-expectation"),
    *("legacy-unknown-property", "missing-parameter", "not-read-only", "parameter-type", "path-not-in-answer"),
    *("path-syntax", "sensitive-read", "shape", "undefined-reference", "unknown-operation", "unknown-operator"),
    "unknown-parameter",
]


def changed(text: str, old: str, new: str) -> str:
    """Change the one place where a text stands."""
    assert text.count(old) == 1
    return text.replace(old, new)


@pytest.mark.parametrize(("old", "new", "rule", "at", "advice"), CORRUPTIONS)
def test_finds_a_wrong_word_of_a_spec(old: str, new: str, rule: str, at: str, advice: str) -> None:
    text = changed(SPEC, old, new)
    [finding] = findings(f"environment-{rule}", {"spec.yml": text})
    assert (finding.at.text, finding.help) == (at, advice)
    # Where it stands: in the line that has changed, or in the check whose call lacks it.
    line = SPEC[: SPEC.index(old)].count("\n") + 1
    assert finding.at.span.line == line or rule == "sensitive-read"


@pytest.mark.parametrize(("old", "new", "rule", "at", "advice"), LEGACY_CORRUPTIONS)
def test_finds_a_wrong_word_of_a_spec_of_the_first_format(old: str, new: str, rule: str, at: str, advice: str) -> None:
    text = changed(LEGACY, old, new)
    [finding] = findings(f"environment-{rule}", {"env-details.yml": text})
    assert finding.at.text == at
    assert finding.at.span.line == LEGACY[: LEGACY.index(old)].count("\n") + 1
    assert advice in finding.help


@pytest.mark.parametrize("rule", RULES)
def test_finds_nothing_wrong_with_the_right_ones(rule: str) -> None:
    assert not findings(f"environment-{rule}", {"spec.yml": SPEC, "env-details.yml": LEGACY})


def test_there_are_forty_of_them() -> None:
    assert len(CORRUPTIONS) + len(LEGACY_CORRUPTIONS) >= 40
