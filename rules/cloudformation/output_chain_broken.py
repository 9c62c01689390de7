"""Rule cloudformation-output-chain-broken."""

from collections.abc import Iterator

from validator.cloudformation.conditions import deciding
from validator.cloudformation.stacks import Stack
from validator.cloudformation.tree import location_of
from validator.rule import Finding, Severity, rule
from validator.values import consistent


@rule("cloudformation-output-chain-broken", Severity.ERROR, supersedes=("cfn-lint/W1001",))
def check(stack: Stack) -> Iterator[Finding]:
    """A nested stack hands up an output of a stack below it that does not exist there.

    What the templates above pass down makes the condition of the lower stack false, but not that of the output that
    reads it: `Unresolved resource dependencies [Db] in the Outputs block of the template`, in the middle of a
    deployment. An output that the lower template does not declare is `cloudformation-undeclared-output`'s business.

    It is a warning where one of the templates, or the parameter file, was found by its name.

    Bad:

    ```yaml title="parent.yml"
    Resources:
      App:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: app.yml
          Parameters: {WithDb: "no"}
    Outputs:
      Endpoint: {Value: !GetAtt App.Outputs.Endpoint}
    ```

    ```yaml title="app.yml"
    Parameters:
      WithDb: {Type: String}
    Conditions:
      HasDb: !Equals [!Ref WithDb, "yes"]
    Resources:
      Queue: {Type: AWS::SQS::Queue}
      Db:
        Type: AWS::CloudFormation::Stack
        Condition: HasDb
        Properties: {TemplateURL: db.yml}
    Outputs:
      Endpoint: {Value: !GetAtt Db.Outputs.Endpoint}
    ```

    ```yaml title="db.yml"
    Resources:
      Db: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql}}
    Outputs:
      Endpoint: {Value: !GetAtt Db.Endpoint.Address}
    ```

    Good:

    ```yaml title="parent.yml"
    Resources:
      App:
        Type: AWS::CloudFormation::Stack
        Properties:
          TemplateURL: app.yml
          Parameters: {WithDb: "yes"}
    Outputs:
      Endpoint: {Value: !GetAtt App.Outputs.Endpoint}
    ```

    ```yaml title="app.yml"
    Parameters:
      WithDb: {Type: String}
    Conditions:
      HasDb: !Equals [!Ref WithDb, "yes"]
    Resources:
      Queue: {Type: AWS::SQS::Queue}
      Db:
        Type: AWS::CloudFormation::Stack
        Condition: HasDb
        Properties: {TemplateURL: db.yml}
    Outputs:
      Endpoint: {Value: !GetAtt Db.Outputs.Endpoint}
    ```

    ```yaml title="db.yml"
    Resources:
      Db: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql}}
    Outputs:
      Endpoint: {Value: !GetAtt Db.Endpoint.Address}
    ```
    """
    if stack.above is None:
        return
    for resource in stack.template.resources.values():
        if not resource.condition or location_of(resource) is None:
            continue
        if stack.template.root.get("Conditions", resource.condition) is None:
            continue
        truths = stack.scope.condition(resource.condition)
        for read in stack.template.reads.get(resource.logical_id, ()):
            if read.at.path[:1] != ("Outputs",):
                continue
            used = stack.ways(read.at)
            there = {case.value for case in truths if any(consistent(case.when, way) for way in used)}
            if there == {False}:
                yield Finding(
                    read.at,
                    f"output {read.at.path[1]!r} reads {resource.logical_id}, which does not exist where "
                    f"{resource.condition} is false",
                    f"give the output the condition too: 'Condition: {resource.condition}'",
                    severity=None if stack.sure else Severity.WARNING,
                    related=(
                        (resource.node.key, f"it exists only if {resource.condition}"),
                        *deciding(stack, resource.condition),
                    ),
                )
