/** Everything that the checks find in a template. */

import * as checks from './checks.ts'
import { GOLDEN, ROUTES } from './golden.ts'
import type { Template } from './policy.ts'

/** The stage that the tests package. */
export const STAGE = 'prod'

export const allFaults = (
  template: Template,
  { stage = STAGE, golden = GOLDEN, routes = ROUTES, origins = [] as string[] } = {},
) => [
  ...checks.permissionFaults(template, stage, golden),
  ...checks.routeFaults(template, routes),
  ...checks.corsFaults(template, origins),
  ...checks.roleFaults(template),
  ...checks.functionSettingFaults(template),
  ...checks.storageFaults(template),
  ...checks.logFaults(template),
  ...checks.entranceFaults(template),
  ...checks.rotationFaults(template),
]
