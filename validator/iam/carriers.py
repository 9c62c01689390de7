"""Which properties of CloudFormation resources hold a policy, and of which kind."""

from collections.abc import Mapping
from typing import NamedTuple


class Carrier(NamedTuple):
    """A property that holds a policy; `*` in the path stands for every element of a list."""

    path: tuple[str, ...]
    kind: str


_INLINE = Carrier(("Policies", "*", "PolicyDocument"), "identity")
_DOCUMENT = Carrier(("PolicyDocument",), "identity")
_SERVERLESS = (Carrier(("Policies",), "identity"), Carrier(("Policies", "*"), "identity"))
# Policies of resources, by the path of the property.
_RESOURCES = {
    "PolicyDocument": (
        *("APS::ResourcePolicy", "Bedrock::ResourcePolicy", "EC2::VPCEndpoint", "EC2::VerifiedAccessEndpoint"),
        *("EC2::VerifiedAccessGroup", "Lambda::ResourcePolicy", "Logs::ResourcePolicy", "S3::BucketPolicy"),
        *("S3Express::BucketPolicy", "S3ObjectLambda::AccessPointPolicy", "S3Outposts::BucketPolicy"),
        *("SNS::TopicInlinePolicy", "SNS::TopicPolicy", "SQS::QueueInlinePolicy", "SQS::QueuePolicy"),
        "XRay::ResourcePolicy",
    ),
    "ResourcePolicy": (
        *("CloudTrail::ResourcePolicy", "Kinesis::ResourcePolicy", "S3Tables::TableBucketPolicy"),
        *("S3Tables::TablePolicy", "SecretsManager::ResourcePolicy"),
    ),
    "Policy": (
        *("ApiGateway::RestApi", "EventSchemas::RegistryPolicy", "Events::EventBus", "Lex::ResourcePolicy"),
        *("MSK::ClusterPolicy", "MediaPackageV2::ChannelPolicy", "MediaPackageV2::OriginEndpointPolicy"),
        *("MediaTailor::ChannelPolicy", "Oam::Sink", "S3::AccessPoint", "S3::MultiRegionAccessPointPolicy"),
        *("S3Express::AccessPoint", "S3Outposts::AccessPoint", "S3Vectors::VectorBucketPolicy", "SSM::ResourcePolicy"),
        *("VpcLattice::AuthPolicy", "VpcLattice::ResourcePolicy"),
    ),
    "AccessPolicy": ("Backup::BackupVault", "Backup::LogicallyAirGappedBackupVault"),
    "AccessPolicies": ("Elasticsearch::Domain", "OpenSearchService::Domain"),
    "FileSystemPolicy": ("EFS::FileSystem",),
    "KeyPolicy": ("KMS::Key", "KMS::ReplicaKey"),
    "ModelPackageGroupPolicy": ("SageMaker::ModelPackageGroup",),
    "NamespaceResourcePolicy": ("Redshift::Cluster", "RedshiftServerless::Namespace"),
    "PermissionsPolicyDocument": ("CodeArtifact::Domain", "CodeArtifact::Repository"),
    "PolicyText": ("ECR::RegistryPolicy",),
    "RepositoryPolicyText": ("ECR::PublicRepository", "ECR::Repository"),
    "ResourcePolicy/PolicyDocument": ("DynamoDB::Table",),
    "ResourcePolicyDocument": ("Logs::LogGroup",),
    "": ("Events::EventBusPolicy",),  # the Statement stands among the resource's own properties
}

# From the resource types' schemas; IoT's policies, RAM's templates and data protection's are other languages.
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
    "AWS::Serverless::Function": (Carrier(("AssumeRolePolicyDocument",), "trust"), *_SERVERLESS),
    "AWS::Serverless::StateMachine": _SERVERLESS,
    **{
        f"AWS::{name}": (Carrier(tuple(filter(None, path.split("/"))), "resource"),)
        for path, names in _RESOURCES.items()
        for name in names
    },
}
