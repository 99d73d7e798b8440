/** The part of the Serverless Framework's objects that packaging touches. */

import type { Limit } from './capacity.ts'
import type { KmsKeyParameters } from './kms.ts'
import type { NetworkParameters } from './network-parameters.ts'
import type { Configured } from './parameters/stage.ts'
import type { CapacityParameters } from './share-out.ts'
import type { Resource, Template } from './template.ts'

export interface FunctionConfig {
  events?: { httpApi?: unknown; schedule?: unknown }[]
  reservedConcurrency?: unknown
  iamRoleStatements?: unknown[]
  iamRoleStatementsName?: string
  package?: { patterns?: string[] }
}

export type FunctionConfigs = Record<string, FunctionConfig>

/** Most calls of a route per second, and at once. */
export type RouteLimits = Readonly<Record<string, Limit>>

export interface Serverless extends Configured {
  serviceDir: string
  processedInput: Configured['processedInput'] & { commands: string[] }
  classes: { Error: new (message: string, code: string) => Error }
  pluginManager?: { plugins: readonly object[] }
  addServiceOutputSection?(name: string, lines: readonly string[]): void
  service: {
    provider: {
      region?: string
      compiledCloudFormationTemplate: Template
      environment: Record<string, string>
      httpApi?: object
    }
    custom: {
      routeThrottling: RouteLimits
      capacity?: Partial<CapacityParameters>
      corsOrigins?: string
      alarmActions?: unknown
      observed?: { probe?: unknown; dashboard?: unknown; tracing?: unknown }
      logUserIds?: string
      secretsPrefix?: string
      arn?: { readonly secrets: string }
      kmsKeys?: KmsKeyParameters
      network?: Partial<NetworkParameters>
    }
    functions: FunctionConfigs
    resources?: { Resources?: Record<string, Resource> }
  }
}

/** The framework's own writers. */
export interface Utils {
  log?: { warning(text: string): void; notice(text: string): void }
}
