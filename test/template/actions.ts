/** Every action of the services whose rights are checked, from AWS's service authorization reference. */

const of = (service: string, names: string) =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${service}:${name}`)

export const ACTIONS: string[] = [
  ...of(
    'secretsmanager',
    `BatchGetSecretValue CancelRotateSecret CreateSecret DeleteResourcePolicy DeleteSecret DescribeSecret
     GetRandomPassword GetResourcePolicy GetSecretValue ListSecretVersionIds ListSecrets PutResourcePolicy
     PutSecretValue RemoveRegionsFromReplication ReplicateSecretToRegions RestoreSecret RotateSecret
     StopReplicationToReplica TagResource UntagResource UpdateSecret UpdateSecretVersionStage ValidateResourcePolicy`,
  ),
  ...of(
    'dynamodb',
    `AssociateTableReplica BatchGetItem BatchWriteItem ConditionCheckItem CreateBackup CreateGlobalTable CreateTable
     CreateTableReplica DeleteBackup DeleteItem DeleteResourcePolicy DeleteTable DeleteTableReplica DescribeBackup
     DescribeContinuousBackups DescribeContributorInsights DescribeEndpoints DescribeExport DescribeGlobalTable
     DescribeGlobalTableSettings DescribeImport DescribeKinesisStreamingDestination DescribeLimits
     DescribeReservedCapacity DescribeReservedCapacityOfferings DescribeStream DescribeTable
     DescribeTableReplicaAutoScaling DescribeTimeToLive DisableKinesisStreamingDestination
     EnableKinesisStreamingDestination ExportTableToPointInTime GetItem GetRecords GetResourcePolicy
     GetShardIterator ImportTable ListBackups ListContributorInsights ListExports ListGlobalTables ListImports
     ListStreams ListTables ListTagsOfResource PartiQLDelete PartiQLInsert PartiQLSelect PartiQLUpdate
     PurchaseReservedCapacityOfferings PutItem PutResourcePolicy Query RestoreTableFromAwsBackup
     RestoreTableFromBackup RestoreTableToPointInTime Scan StartAwsBackupJob TagResource UntagResource
     UpdateContinuousBackups UpdateContributorInsights UpdateGlobalTable UpdateGlobalTableSettings
     UpdateGlobalTableVersion UpdateItem UpdateKinesisStreamingDestination UpdateTable
     UpdateTableReplicaAutoScaling UpdateTimeToLive`,
  ),
  ...of(
    'kms',
    `CancelKeyDeletion ConnectCustomKeyStore CreateAlias CreateCustomKeyStore CreateGrant CreateKey Decrypt DeleteAlias
     DeleteCustomKeyStore DeleteImportedKeyMaterial DeriveSharedSecret DescribeCustomKeyStores DescribeKey DisableKey
     DisableKeyRotation DisconnectCustomKeyStore EnableKey EnableKeyRotation Encrypt GenerateDataKey
     GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext GenerateMac
     GenerateRandom GetKeyPolicy GetKeyRotationStatus GetParametersForImport GetPublicKey ImportKeyMaterial
     ListAliases ListGrants ListKeyPolicies ListKeyRotations ListKeys ListResourceTags ListRetirableGrants PutKeyPolicy
     ReEncryptFrom ReEncryptTo ReplicateKey RetireGrant RevokeGrant RotateKeyOnDemand ScheduleKeyDeletion Sign
     SynchronizeMultiRegionKey TagResource UntagResource UpdateAlias UpdateCustomKeyStore UpdateKeyDescription
     UpdatePrimaryRegion Verify VerifyMac`,
  ),
  ...of(
    'logs',
    `AssociateKmsKey CancelExportTask CreateDelivery CreateExportTask CreateLogAnomalyDetector CreateLogDelivery
     CreateLogGroup CreateLogStream DeleteAccountPolicy DeleteDataProtectionPolicy DeleteDelivery
     DeleteDeliveryDestination DeleteDeliveryDestinationPolicy DeleteDeliverySource DeleteDestination
     DeleteLogAnomalyDetector DeleteLogDelivery DeleteLogGroup DeleteLogStream DeleteMetricFilter
     DeleteQueryDefinition DeleteResourcePolicy DeleteRetentionPolicy DeleteSubscriptionFilter
     DescribeAccountPolicies DescribeDeliveries DescribeDestinations DescribeExportTasks DescribeLogGroups
     DescribeLogStreams DescribeMetricFilters DescribeQueries DescribeQueryDefinitions DescribeResourcePolicies
     DescribeSubscriptionFilters DisassociateKmsKey FilterLogEvents GetDataProtectionPolicy GetLogEvents
     GetLogGroupFields GetLogRecord GetQueryResults Link ListAnomalies ListTagsForResource ListTagsLogGroup
     PutAccountPolicy PutDataProtectionPolicy PutDestination PutDestinationPolicy PutLogEvents PutMetricFilter
     PutQueryDefinition PutResourcePolicy PutRetentionPolicy PutSubscriptionFilter StartLiveTail StartQuery StopQuery
     TagLogGroup TagResource TestMetricFilter Unmask UntagLogGroup UntagResource UpdateAnomaly
     UpdateLogAnomalyDetector UpdateLogDelivery`,
  ),
  ...of(
    'iam',
    `AddRoleToInstanceProfile AddUserToGroup AttachGroupPolicy AttachRolePolicy AttachUserPolicy CreateAccessKey
     CreateLoginProfile CreatePolicy CreatePolicyVersion CreateRole CreateServiceLinkedRole CreateUser
     DeleteAccessKey DeletePolicy DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy DeleteUser
     DetachRolePolicy GetPolicy GetRole GetRolePolicy GetUser ListAttachedRolePolicies ListRolePolicies ListRoles
     ListUsers PassRole PutGroupPolicy PutRolePermissionsBoundary PutRolePolicy PutUserPolicy
     SetDefaultPolicyVersion TagRole UntagRole UpdateAccessKey UpdateAssumeRolePolicy UpdateLoginProfile UpdateRole`,
  ),
  ...of(
    'sts',
    `AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot DecodeAuthorizationMessage GetAccessKeyInfo
     GetCallerIdentity GetFederationToken GetServiceBearerToken GetSessionToken SetContext SetSourceIdentity TagSession`,
  ),
  ...of(
    'lambda',
    `AddLayerVersionPermission AddPermission CreateAlias CreateCodeSigningConfig CreateEventSourceMapping
     CreateFunction CreateFunctionUrlConfig DeleteAlias DeleteEventSourceMapping DeleteFunction
     DeleteFunctionConcurrency DeleteFunctionUrlConfig DeleteLayerVersion DisableReplication EnableReplication
     GetAccountSettings GetAlias GetEventSourceMapping GetFunction GetFunctionConcurrency GetFunctionConfiguration
     GetFunctionUrlConfig GetLayerVersion GetLayerVersionPolicy GetPolicy InvokeAsync InvokeFunction
     InvokeFunctionUrl ListAliases ListEventSourceMappings ListFunctionUrlConfigs ListFunctions ListLayerVersions
     ListLayers ListTags ListVersionsByFunction PublishLayerVersion PublishVersion PutFunctionConcurrency
     PutFunctionEventInvokeConfig PutProvisionedConcurrencyConfig PutRuntimeManagementConfig
     RemoveLayerVersionPermission RemovePermission TagResource UntagResource UpdateAlias UpdateEventSourceMapping
     UpdateFunctionCode UpdateFunctionConfiguration UpdateFunctionUrlConfig`,
  ),
  ...of(
    'ec2', // what has to do with network interfaces
    `AllocateAddress AssignIpv6Addresses AssignPrivateIpAddresses AssociateAddress AttachNetworkInterface
     AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateNetworkInterface
     CreateNetworkInterfacePermission CreateSecurityGroup CreateSubnet CreateTags DeleteNetworkInterface
     DeleteNetworkInterfacePermission DescribeNetworkInterfaceAttribute DescribeNetworkInterfacePermissions
     DescribeNetworkInterfaces DescribeSecurityGroups DescribeSubnets DescribeVpcs DetachNetworkInterface
     ModifyNetworkInterfaceAttribute ResetNetworkInterfaceAttribute RunInstances UnassignIpv6Addresses
     UnassignPrivateIpAddresses`,
  ),
]
