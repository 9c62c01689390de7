"""CloudFormation: templates, the stack tree, pipelines, and the cfn-lint adapter."""
