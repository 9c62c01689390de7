"""What goes wrong between CloudFormation templates, and cfn-lint's word on each of them."""

kinds = frozenset({"template"})
foreign = frozenset({"cfn_lint"})
