/** Says what is wrong with a stage or with a tenant's systems: tries each once, from where the functions run, as a request does. */

import { dynamoCallers } from '../callers/dynamodb.ts'
import { type Deadline, within } from '../concurrency/deadline.ts'
import type { LogFields } from '../log.ts'
import { type UserIdSettings, userId } from '../schemas/ids.ts'
import { firstFault } from '../schemas/issues.ts'
import type { SecretReader } from '../secrets/reader.ts'
import type { Runtime } from '../start/runtime.ts'
import { type Connection, type ConnectionSettings, connection } from '../vendors/connection.ts'
import type { SystemName } from '../vendors/registry.ts'
import { tryCec } from './cec.ts'
import { type Finding, finding } from './findings.ts'
import { tryLive, tryLiveIm, tryLiveRtc } from './live.ts'
import { tryOiap } from './oiap.ts'
import type { Question, TenantQuestion } from './question.ts'
import { type StageFacts, tryStage } from './stage.ts'
import { listening } from './told-address.ts'

/** A vendor that never answers must not keep the answer about the others. */
const SYSTEM_MS = 15_000

export interface DoctorDeps {
  readonly runtime: Pick<Runtime, 'now' | 'random' | 'newId'>
  readonly settings: ConnectionSettings &
    UserIdSettings & { readonly PREWARM_SHARES: number; readonly CALLERS_TABLE: string }
  readonly log: Connection['log']
  /** Must have been made for this question alone: what is remembered of a secret may be five minutes old. */
  readonly secrets: SecretReader
}

export type Diagnosis =
  | StageFacts
  /** `tried`: the systems that were, whether something was found or not. */
  | { readonly findings: readonly Finding[]; readonly tried: readonly string[] }

type Shared = Connection & Pick<DoctorDeps, 'runtime' | 'settings'>
type Try = (shared: Shared, question: TenantQuestion, deadline: Deadline) => Promise<readonly Finding[]>

/** What one try covers, so that OIAP's two systems are never tried beside each other. */
const TRIES: readonly { readonly systems: readonly SystemName[]; readonly run: Try }[] = [
  { systems: ['cec'], run: tryCec },
  { systems: ['oiap', 'oiap-third-party'], run: tryOiap },
  { systems: ['live'], run: tryLive },
  { systems: ['live-im'], run: tryLiveIm },
  { systems: ['live-rtc'], run: tryLiveRtc },
]

/**
 * Goes through the lease and the circuit breaker of the ordinary path: credentials that were refused are not shown again, and a
 * secret that changes meanwhile is not shown in the same run. Throws nothing that a cause has a word for.
 */
export const doctor =
  (deps: DoctorDeps) =>
  async (question: Question, deadline: Deadline): Promise<Diagnosis> => {
    const secrets = readingOnce(deps.secrets)
    const shared = { ...connection({ ...deps, secrets }), runtime: deps.runtime, settings: deps.settings }
    const { tenantSpaceId, systems } = question
    if (tenantSpaceId === undefined)
      return tryStage(
        {
          ...shared,
          prewarmShares: deps.settings.PREWARM_SHARES,
          callerItems: dynamoCallers({ table: deps.settings.CALLERS_TABLE }),
        },
        question,
        within(deadline, SYSTEM_MS),
      )
    const asked = { ...question, tenantSpaceId }
    const examine = async (run: Try): Promise<readonly Finding[]> => {
      const { outbound, named } = listening(shared.outbound)
      return (await run({ ...shared, outbound }, asked, within(deadline, SYSTEM_MS))).map(named)
    }
    const wanted = TRIES.filter(({ systems: own }) => own.some((system) => systems.includes(system)))
    const found = await Promise.all(wanted.map(({ run }) => examine(run)))
    return { findings: distinct([...userIdFindings(deps, question), ...found.flat()]), tried: systems }
  }

/** A refused secret is read again for another try on the ordinary path. Here that would show a second one. */
const readingOnce = ({ read }: SecretReader): SecretReader => ({
  read: (definition, options) => read(definition, { ...options, force: false }),
})

const userIdFindings = ({ settings }: DoctorDeps, { userId: id }: Question): readonly Finding[] => {
  if (id === undefined) return []
  const { error } = userId(settings).safeParse(id)
  if (error === undefined) return []
  const { expected } = firstFault(error)
  return [finding({ system: 'stage', field: 'userId' }, 'USER_ID_PATTERN', { expected })]
}

/** What is wrong with the stage stops every system, and is said once. */
const distinct = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((one) => [JSON.stringify(one), one])).values(),
]

/** For the log: how many causes were found, and of whom. */
export const summaryOf = ({ findings }: Diagnosis): Partial<LogFields> => ({
  found: findings.filter(({ level }) => level === 'wrong').length,
})
