/** CEC's questions at a rate: the real reads of the directory, in sandboxes of one account, on a table with DynamoDB's limits. */

import type { Admissions } from '../../../lib/directory/directory.ts'
import { recentAdmissions } from '../../../lib/directory/dynamodb.ts'
import { userItem } from '../../../lib/directory/items.ts'
import { type DeployedFunction, type FunctionFigures, lambdaAccount } from './aws/account.ts'
import { simulatedDirectory } from './aws/directory-table.ts'
import { processorShare } from './aws/limits.ts'
import type { Spent, TableCapacity } from './aws/table-units.ts'
import { type Clock, virtualClock } from './clock.ts'
import { callsAt } from './load.ts'
import { type Outcomes, outcomes } from './outcomes.ts'
import { seededRandom } from './random.ts'
import { tenantId } from './tenants.ts'

/** Of validateEnterpriseToken, as serverless/functions.yml has them. */
const MEMORY_MB = 512
const TIMEOUT_MS = 9_500
/** Of a whole processor, for one validation in a warm sandbox. */
const COMPUTE_MS = 1
const START_MS = 300
const LAST_ANSWER_MS = 30_000
const KEY_ID = 'the-one-signing-key'
const USERS_OF_TENANT = 1_000

export interface Validations {
  readonly perSecond: number
  /** At the full rate. */
  readonly seconds: number
  /** Before that, the rate grows evenly: no account starts with thousands of calls a second. Default 5. */
  readonly rampSeconds?: number
  readonly tenants: number
  readonly table?: TableCapacity
}

export interface ValidationFigures {
  readonly outcomes: Outcomes
  readonly table: Spent
  readonly lambda: FunctionFigures
  readonly unitsPerValidation: number
}

/** One question about a token that nobody has asked about before. Throws what the directory throws, and Throttled. */
export type Validate = () => Promise<void>

export interface ValidatorDeps {
  readonly clock: Clock
  readonly random: () => number
  readonly tenants: number
  readonly table?: TableCapacity
}

/** The function that validates, to be deployed in an account. */
export const validator = ({ clock, random, tenants, table: capacity }: ValidatorDeps) => {
  const table = simulatedDirectory(clock, random, capacity)
  for (let tenant = 0; tenant < tenants; tenant++)
    for (let user = 0; user < USERS_OF_TENANT; user += USERS_OF_TENANT / 10) table.put(userOf(tenant, user))
  const newSandbox = (): Admissions => recentAdmissions({ ...table, random, pause: clock.pause }, clock.now)
  let tokens = 0

  const validateIn =
    (deployed: DeployedFunction<Admissions>): Validate =>
    () => {
      const tenantSpaceId = tenantId(Math.floor(random() * tenants))
      const userId = `user-${Math.floor(random() * USERS_OF_TENANT)}`
      const asked = { tenantSpaceId, userId, jti: `token-${tokens++}`, kid: KEY_ID }
      return deployed.call(async (directory) => {
        await clock.pause(COMPUTE_MS / processorShare(MEMORY_MB))
        await directory.admission(asked, clock.deadline(TIMEOUT_MS))
      })
    }
  return { table, validateIn, function: { startMs: START_MS, newSandbox } }
}

const userOf = (tenant: number, user: number) =>
  userItem({
    tenantSpaceId: tenantId(tenant),
    userId: `user-${user}`,
    userName: `User ${user}`,
    status: 'active',
    epoch: 0,
  })

/** Questions in an account where nothing else runs. */
export const simulateValidations = async (scenario: Validations): Promise<ValidationFigures> => {
  const { perSecond, seconds, rampSeconds = 5, tenants, table } = scenario
  const clock = virtualClock()
  const of = validator({ clock, random: seededRandom(1), tenants, ...(table && { table }) })
  const deployed = lambdaAccount(clock).deploy(of.function)
  const validate = of.validateIn(deployed)
  const count = outcomes(clock)
  const endsAt = (rampSeconds + seconds) * 1_000
  clock.start(() => callsAt(clock, { perSecond, rampSeconds, endsAt }, () => count.refusalOf(validate)))
  await clock.run(endsAt + LAST_ANSWER_MS)
  const spent = of.table.units.spent()
  const figures = count.sum()
  return {
    outcomes: figures,
    table: spent,
    lambda: deployed.figures(),
    unitsPerValidation: spent.readUnits / (figures.calls - figures.refused),
  }
}
