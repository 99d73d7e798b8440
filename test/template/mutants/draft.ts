/** Templates with a fault: what reaches into one. */

import { STAGE } from '../all-faults.ts'

// biome-ignore lint/suspicious/noExplicitAny: mutants reach into the template at will
export type Draft = any

export const validateRole = (draft: Draft) =>
  draft.Resources.ValidateEnterpriseTokenIamRoleLambdaExecution.Properties
export const validateStatements = (draft: Draft) => validateRole(draft).Policies[0].PolicyDocument.Statement
export const chatStatements = (draft: Draft) =>
  draft.Resources.ChatRelayIamRoleLambdaExecution.Properties.Policies[0].PolicyDocument.Statement
export const statementsOfRole = (draft: Draft, name: string) =>
  draft.Resources[`${name}IamRoleLambdaExecution`].Properties.Policies[0].PolicyDocument.Statement
export const leadingKeys = (draft: Draft) =>
  chatStatements(draft)[2].Condition['ForAllValues:StringLike']['dynamodb:LeadingKeys']
export const prewarmStatements = (draft: Draft) =>
  draft.Resources.PrewarmTokensIamRoleLambdaExecution.Properties.Policies[0].PolicyDocument.Statement
export const appCubeStatements = (draft: Draft) =>
  draft.Resources.AppCubeTokenIamRoleLambdaExecution.Properties.Policies[0].PolicyDocument.Statement
export const validateFunction = (draft: Draft) =>
  draft.Resources.ValidateEnterpriseTokenLambdaFunction.Properties
export const directory = (draft: Draft) => draft.Resources.DirectoryTable
export const tokens = (draft: Draft) => draft.Resources.TokensTable
export const storeKey = (draft: Draft) => draft.Resources.TokenStoreKeySecret
export const secretArn = (end: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:cec-token-bridge/${STAGE}/${end}`,
})
export const allow = (Action: string, Resource: unknown) => ({ Effect: 'Allow', Action, Resource })

/** A template with one fault, and the sentence that must name it. */
export type Mutant = readonly [name: string, mutate: (draft: Draft) => void, sentence: string]
