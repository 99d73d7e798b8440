/** Everything that the checks find in a template. */

import { DESCRIPTORS, ENDPOINTS, secretNamesOf } from '../support/descriptors.ts'
import { accessLogFaults } from './access-log.ts'
import * as checks from './checks.ts'
import { GOLDEN } from './golden.ts'
import { type ExpectedNetwork, networkFaults } from './network.ts'
import type { Template } from './policy.ts'
import { propertyFaults, referenceFaults } from './shape.ts'
import { type ExpectedWatch, watchFaults } from './watched.ts'

/** The stage that the tests package. */
export const STAGE = 'prod'

/** The secrets that each function with a route may read, by its descriptor. */
export const SECRETS = Object.fromEntries(DESCRIPTORS.map((route) => [route.name, secretNamesOf(route)]))

export const allFaults = (
  template: Template,
  {
    stage = STAGE,
    golden = GOLDEN,
    secrets = SECRETS as Readonly<Record<string, readonly string[]>>,
    routes = ENDPOINTS,
    origins = [] as string[],
    network = {} as ExpectedNetwork,
    watch = {} as ExpectedWatch,
  } = {},
) => [
  ...checks.permissionFaults(template, stage, golden),
  ...checks.routeFaults(template, routes),
  ...checks.secretFaults(template, stage, secrets),
  ...checks.corsFaults(template, origins),
  ...networkFaults(template, network),
  ...watchFaults(template, watch),
  ...checks.roleFaults(template),
  ...checks.functionSettingFaults(template),
  ...checks.storageFaults(template),
  ...checks.logFaults(template),
  ...accessLogFaults(template),
  ...checks.entranceFaults(template),
  ...checks.rotationFaults(template),
  ...propertyFaults(template),
  ...referenceFaults(template),
]
