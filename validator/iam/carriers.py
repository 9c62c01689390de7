"""Which properties of CloudFormation resources hold a policy, and of which kind."""

from collections.abc import Mapping
from typing import NamedTuple


class Carrier(NamedTuple):
    """A property that holds a policy; `*` in the path stands for every element of a list."""

    path: tuple[str, ...]
    kind: str


_INLINE = Carrier(("Policies", "*", "PolicyDocument"), "identity")
_DOCUMENT = Carrier(("PolicyDocument",), "identity")
_RESOURCE = Carrier(("PolicyDocument",), "resource")

# From the resource types' documentation; IoT policies are another language.
CARRIERS: Mapping[str, tuple[Carrier, ...]] = {
    "AWS::IAM::Role": (Carrier(("AssumeRolePolicyDocument",), "trust"), _INLINE),
    "AWS::IAM::User": (_INLINE,),
    "AWS::IAM::Group": (_INLINE,),
    "AWS::IAM::Policy": (_DOCUMENT,),
    "AWS::IAM::ManagedPolicy": (_DOCUMENT,),
    "AWS::IAM::RolePolicy": (_DOCUMENT,),
    "AWS::IAM::UserPolicy": (_DOCUMENT,),
    "AWS::IAM::GroupPolicy": (_DOCUMENT,),
    "AWS::Organizations::Policy": (Carrier(("Content",), "scp"),),
    "AWS::SSO::PermissionSet": (Carrier(("InlinePolicy",), "identity"),),
    "AWS::S3::BucketPolicy": (_RESOURCE,),
    "AWS::SQS::QueuePolicy": (_RESOURCE,),
    "AWS::SNS::TopicPolicy": (_RESOURCE,),
    "AWS::KMS::Key": (Carrier(("KeyPolicy",), "resource"),),
    "AWS::KMS::ReplicaKey": (Carrier(("KeyPolicy",), "resource"),),
    "AWS::ECR::Repository": (Carrier(("RepositoryPolicyText",), "resource"),),
    "AWS::ECR::RegistryPolicy": (Carrier(("PolicyText",), "resource"),),
    "AWS::SecretsManager::ResourcePolicy": (Carrier(("ResourcePolicy",), "resource"),),
    "AWS::EC2::VPCEndpoint": (_RESOURCE,),
    "AWS::Events::EventBusPolicy": (Carrier(("Statement",), "resource"),),
    "AWS::Backup::BackupVault": (Carrier(("AccessPolicy",), "resource"),),
    "AWS::OpenSearchService::Domain": (Carrier(("AccessPolicies",), "resource"),),
    "AWS::Elasticsearch::Domain": (Carrier(("AccessPolicies",), "resource"),),
    "AWS::EFS::FileSystem": (Carrier(("FileSystemPolicy",), "resource"),),
    "AWS::Serverless::Function": (
        Carrier(("AssumeRolePolicyDocument",), "trust"),
        Carrier(("Policies",), "identity"),
        Carrier(("Policies", "*"), "identity"),
    ),
    "AWS::Serverless::StateMachine": (Carrier(("Policies",), "identity"), Carrier(("Policies", "*"), "identity")),
}
