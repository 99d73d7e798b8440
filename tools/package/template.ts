/** The part of a CloudFormation template that packaging changes. */

export interface Resource {
  Type: string
  DependsOn?: string | string[]
  DeletionPolicy?: string
  UpdateReplacePolicy?: string
  Condition?: string
  Properties: Record<string, unknown>
}

export interface Output {
  Description?: string
  Value: unknown
}

export interface Template {
  Resources: Record<string, Resource>
  Outputs: Record<string, Output>
}
