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
    `AssociateTableReplica BatchGetItem BatchWriteItem ConditionCheckItem CreateBackup CreateGlobalTable
     CreateGlobalTableWitness CreateTable CreateTableReplica DeleteBackup DeleteGlobalTableWitness DeleteItem
     DeleteResourcePolicy DeleteTable DeleteTableReplica DescribeBackup DescribeContinuousBackups
     DescribeContributorInsights DescribeEndpoints DescribeExport DescribeGlobalTable
     DescribeGlobalTableSettings DescribeImport DescribeKinesisStreamingDestination DescribeLimits
     DescribeReservedCapacity DescribeReservedCapacityOfferings DescribeStream DescribeTable
     DescribeTableReplicaAutoScaling DescribeTimeToLive DisableKinesisStreamingDestination
     EnableKinesisStreamingDestination ExportTableToPointInTime GetAbacStatus GetItem GetRecords
     GetResourcePolicy GetShardIterator ImportTable InjectError ListBackups ListContributorInsights ListExports
     ListGlobalTables ListImports ListStreams ListTables ListTagsOfResource PartiQLDelete PartiQLInsert
     PartiQLSelect PartiQLUpdate PurchaseReservedCapacityOfferings PutItem PutResourcePolicy Query
     ReadDataForReplication ReplicateSettings RestoreTableFromAwsBackup RestoreTableFromBackup
     RestoreTableToPointInTime Scan StartAwsBackupJob TagResource UntagResource UpdateAbacStatus
     UpdateContinuousBackups UpdateContributorInsights UpdateGlobalTable UpdateGlobalTableSettings
     UpdateGlobalTableVersion UpdateItem UpdateKinesisStreamingDestination UpdateTable
     UpdateTableReplicaAutoScaling UpdateTimeToLive WriteDataForReplication`,
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
    `AssociateKmsKey AssociateSourceToS3TableIntegration CallWithBearerToken CancelExportTask CancelImportTask
     CreateDelivery CreateExportTask CreateImportTask CreateLogAnomalyDetector CreateLogDelivery CreateLogGroup
     CreateLogStream CreateLookupTable CreateScheduledQuery DeleteAccountPolicy DeleteDataProtectionPolicy
     DeleteDelivery DeleteDeliveryDestination DeleteDeliveryDestinationPolicy DeleteDeliverySource
     DeleteDestination DeleteIndexPolicy DeleteIntegration DeleteLogAnomalyDetector DeleteLogDelivery
     DeleteLogGroup DeleteLogStream DeleteLookupTable DeleteMetricFilter DeletePipelineRule
     DeleteQueryDefinition DeleteResourcePolicy DeleteRetentionPolicy DeleteScheduledQuery
     DeleteSubscriptionFilter DeleteTransformer DescribeAccountPolicies DescribeConfigurationTemplates
     DescribeDeliveries DescribeDeliveryDestinations DescribeDeliverySources DescribeDestinations
     DescribeExportTasks DescribeFieldIndexes DescribeImportTaskBatches DescribeImportTasks
     DescribeIndexPolicies DescribeLogGroups DescribeLogStreams DescribeLookupTables DescribeMetricFilters
     DescribeQueries DescribeQueryDefinitions DescribeResourcePolicies DescribeSubscriptionFilters
     DisassociateKmsKey DisassociateSourceFromS3TableIntegration FilterLogEvents GetDataProtectionPolicy
     GetDelivery GetDeliveryDestination GetDeliveryDestinationPolicy GetDeliverySource GetIntegration
     GetLogAnomalyDetector GetLogDelivery GetLogEvents GetLogFields GetLogGroupFields GetLogRecord
     GetLookupTable GetQueryResults GetScheduledQuery GetScheduledQueryHistory GetTransformer
     IntegrateWithS3Table Link ListAggregateLogGroupSummaries ListAnomalies ListEntitiesForLogGroup
     ListIntegrations ListLogAnomalyDetectors ListLogDeliveries ListLogGroups ListLogGroupsForEntity
     ListLogGroupsForQuery ListScheduledQueries ListSourcesForS3TableIntegration ListTagsForResource
     ListTagsLogGroup ProcessWithPipeline PutAccountPolicy PutBearerTokenAuthentication PutDataProtectionPolicy
     PutDeliveryDestination PutDeliveryDestinationPolicy PutDeliverySource PutDestination PutDestinationPolicy
     PutIndexPolicy PutIntegration PutLogEvents PutLogGroupDeletionProtection PutMetricFilter PutPipelineRule
     PutQueryDefinition PutResourcePolicy PutRetentionPolicy PutSubscriptionFilter PutTransformer StartLiveTail
     StartQuery StopLiveTail StopQuery TagLogGroup TagResource TestMetricFilter TestTransformer Unmask
     UntagLogGroup UntagResource UpdateAnomaly UpdateDeliveryConfiguration UpdateLogAnomalyDetector
     UpdateLogDelivery UpdateLookupTable UpdateScheduledQuery`,
  ),
  ...of(
    'xray',
    `BatchGetTraceSummaryById BatchGetTraces CancelTraceRetrieval CreateGroup CreateSamplingRule DeleteGroup DeleteResourcePolicy
     DeleteSamplingRule GetDistinctTraceGraphs GetEncryptionConfig GetGroup GetGroups GetIndexingRules GetInsight GetInsightEvents
     GetInsightImpactGraph GetInsightSummaries GetRetrievedTracesGraph GetSamplingRules GetSamplingStatisticSummaries
     GetSamplingTargets GetServiceGraph GetTimeSeriesServiceStatistics GetTraceGraph GetTraceSegmentDestination
     GetTraceSummaries Link ListResourcePolicies ListRetrievedTraces ListTagsForResource PutEncryptionConfig
     PutResourcePolicy PutSpans PutSpansForIndexing PutTelemetryRecords PutTraceSegments StartTraceRetrieval TagResource
     UntagResource UpdateGroup UpdateIndexingRule UpdateSamplingRule UpdateTraceSegmentDestination`,
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
     GetCallerIdentity GetDelegatedAccessToken GetFederationToken GetServiceBearerToken GetSessionToken
     GetWebIdentityToken SetContext SetSourceIdentity TagGetWebIdentityToken TagSession`,
  ),
  ...of(
    'lambda',
    `AddLayerVersionPermission AddPermission CheckpointDurableExecution CreateAlias CreateCapacityProvider
     CreateCodeSigningConfig CreateEventSourceMapping CreateFunction CreateFunctionUrlConfig DeleteAlias
     DeleteCapacityProvider DeleteCodeSigningConfig DeleteEventSourceMapping DeleteFunction
     DeleteFunctionCodeSigningConfig DeleteFunctionConcurrency DeleteFunctionEventInvokeConfig
     DeleteFunctionUrlConfig DeleteLayerVersion DeleteProvisionedConcurrencyConfig DisableReplication
     EnableReplication GetAccountSettings GetAlias GetCapacityProvider GetCodeSigningConfig GetDurableExecution
     GetDurableExecutionHistory GetDurableExecutionState GetEventSourceMapping GetFunction
     GetFunctionCodeSigningConfig GetFunctionConcurrency GetFunctionConfiguration GetFunctionEventInvokeConfig
     GetFunctionRecursionConfig GetFunctionScalingConfig GetFunctionUrlConfig GetLayerVersion
     GetLayerVersionPolicy GetPolicy GetProvisionedConcurrencyConfig GetRuntimeManagementConfig InvokeAsync
     InvokeFunction InvokeFunctionUrl ListAliases ListCapacityProviders ListCodeSigningConfigs
     ListDurableExecutionsByFunction ListEventSourceMappings ListFunctionEventInvokeConfigs
     ListFunctionUrlConfigs ListFunctionVersionsByCapacityProvider ListFunctions
     ListFunctionsByCodeSigningConfig ListLayerVersions ListLayers ListProvisionedConcurrencyConfigs ListTags
     ListVersionsByFunction PassCapacityProvider PublishLayerVersion PublishVersion PutFunctionCodeSigningConfig
     PutFunctionConcurrency PutFunctionEventInvokeConfig PutFunctionRecursionConfig PutFunctionScalingConfig
     PutProvisionedConcurrencyConfig PutRuntimeManagementConfig RemoveLayerVersionPermission RemovePermission
     SendDurableExecutionCallbackFailure SendDurableExecutionCallbackHeartbeat
     SendDurableExecutionCallbackSuccess StopDurableExecution TagResource UntagResource UpdateAlias
     UpdateCapacityProvider UpdateCodeSigningConfig UpdateEventSourceMapping UpdateFunctionCode
     UpdateFunctionCodeSigningConfig UpdateFunctionConfiguration UpdateFunctionEventInvokeConfig
     UpdateFunctionUrlConfig`,
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
