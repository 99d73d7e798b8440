/** A stage that can be broken, and what breaks it. */

import { BridgeError } from '../../lib/errors.ts'
import type { HttpHandler } from '../../lib/http/handler.ts'
import type { UpstreamFailure } from '../../lib/outbound/failures.ts'
import { CALLERS } from '../../lib/secrets/definitions.ts'
import { secretReader } from '../../lib/secrets/reader.ts'
import { type SecretSource, SecretSourceError } from '../../lib/secrets/source.ts'
import type { Table } from '../../lib/table/table.ts'
import { ALARMS } from '../../tools/package/alarm-table.ts'
import { alarmResources } from '../../tools/package/alarms.ts'
import { MINUTE_MS } from '../support/schedule-world.ts'
import { call, TENANT, USER, type World } from '../support/world.ts'
import { ringing } from './judge.ts'
import { newStage, type Running, type Stage } from './stage.ts'

export const RESOURCES = alarmResources(ALARMS, { stage: 'prod', actions: [], isProbed: true })
const HEALTHY_MINUTES = 16

/** Half of a pair of windows: it notifies nobody, and may go on for hours. */
export const isHalf = (alarm: string): boolean => /Burning(Fast|Slow)(Long|Short)$/.test(alarm)

type Name = 'validateEnterpriseToken' | 'issueEnterpriseToken'

export interface Scene {
  readonly stage: Stage
  /** The key of the tokens table, as it was. */
  readonly ring: Stage['world']['ring']
  /** A real request of a function, with secrets that cannot be read; or with those that can. */
  readonly request: (name: Name, secretSource?: SecretSource) => Promise<void>
  /** Five lines of the API's access log. */
  readonly access: (status: string, lambdaStatus: string) => void
  /** What reads the secret `callers`, and may come upon another one. */
  readonly reader: ReturnType<typeof readerOf>
}

export interface Fault {
  readonly minutes: number
  readonly running?: (scene: Scene) => Running
  readonly between?: (scene: Scene) => unknown
  readonly begin?: (scene: Scene) => unknown
  readonly mend?: (scene: Scene) => void
  /** By which all values come later than they were written. Default 0. */
  readonly lateMinutes?: number
  /** Minutes until nothing rings any more. Default 15. */
  readonly quietAfter?: number
  /** All that rings in the fault's last minute, and nothing beside it. */
  readonly rings: readonly string[]
}

/** The names of what rings in each minute, halves left out: before the fault, during it, and after it was mended. */
export interface Rung {
  readonly before: readonly (readonly string[])[]
  readonly during: readonly (readonly string[])[]
  readonly after: readonly (readonly string[])[]
  /** When the fault began, and when it was mended. */
  readonly brokenAt: number
  readonly mendedAt: number
  readonly stage: Stage
}

export const failing = (reason: string, failure: 'final' | 'transient' = 'final'): SecretSource => ({
  read: async () => {
    throw new SecretSourceError(failure, reason)
  },
})
const down = async (): Promise<never> => {
  throw new BridgeError('TOKEN_STORE_UNAVAILABLE', 'down', { detail: { reason: 'Down' } })
}
// biome-ignore lint/correctness/useYield: it fails before its first page
const listed = async function* () {
  await down()
} as Table['listed']
/** A table of which nothing can be had. */
export const without = (table: Table): Table => ({ ...table, get: down, change: down, listed })

export const vendorFails =
  (failure: () => UpstreamFailure) =>
  ({ stage }: Scene): void => {
    stage.world.vendor = async () => {
      throw failure()
    }
  }
export const vendorAnswers = ({ stage }: Scene): void => {
  stage.world.vendor = async () => undefined
}

const FILES = {
  validateEnterpriseToken: () => import('../../functions/validate-enterprise-token.ts'),
  issueEnterpriseToken: () => import('../../functions/issue-enterprise-token.ts'),
} as const
const TOKEN = `${btoa('{"alg":"ES256","typ":"cec-enterprise+jwt","kid":"k"}').replaceAll('=', '')}.e30.${'A'.repeat(86)}`

const requestOf =
  (routes: World, stage: Stage): Scene['request'] =>
  async (name, secretSource) => {
    const made = ((await FILES[name]()) as unknown as Record<Name, (runtime: object) => HttpHandler>)[name]
    const env = { ...process.env, STAGE: 'prod', LOG_LEVEL: 'ERROR' }
    const handler = made({
      ...routes.runtime({
        env,
        now: () => new Date(stage.world.at),
        writeLine: (line) => {
          routes.runtime().writeLine(line)
          stage.lines.push(line)
        },
      }),
      ...(secretSource && { secretSource }),
    })
    const body = { Token: TOKEN, userId: USER.userId, userName: USER.userName, tenantSpaceId: TENANT }
    await call(routes, handler, { body, headers: { authorization: `Bearer ${routes.callerKey}` } })
    stage.called(name)
  }

const readerOf = (stage: Stage) => {
  let source = failing('ResourceNotFoundException')
  const reader = secretReader({
    source: { read: (...args) => source.read(...args) },
    ...{ prefix: 'test', now: () => new Date(stage.world.at), random: () => 0.5, log: stage.log },
  })
  return {
    read: () => reader.read(CALLERS, { deadline: { remainingMs: () => 5_000 } }),
    holds: (value: string) => {
      source = { read: async () => ({ versionId: value, value }) }
    },
    becomes: (other: SecretSource) => {
      source = other
    },
  }
}

export const newScene = async (routes: World, healthyMinutes = HEALTHY_MINUTES): Promise<Scene> => {
  const stage = await newStage(healthyMinutes)
  return {
    ...{ stage, ring: stage.world.ring, request: requestOf(routes, stage), reader: readerOf(stage) },
    access: (status, lambdaStatus) => {
      const time = new Date(stage.world.at).toISOString()
      for (let count = 0; count < 5; count++)
        stage.accessLines.push(JSON.stringify({ time, routeKey: 'POST /users', status, lambdaStatus }))
    },
  }
}

/** A quarter of an hour in which all is well, the fault, and what comes after it. */
export const broken = async (routes: World, fault: Fault): Promise<Rung> => {
  const { running = () => ({}), between = () => undefined, quietAfter = 15, lateMinutes = 0 } = fault
  const scene = await newScene(routes)
  const { stage } = scene
  const startedAt = stage.world.at
  await stage.minutes(HEALTHY_MINUTES, {}, () => undefined)
  const brokenAt = stage.world.at
  await fault.begin?.(scene)
  await stage.minutes(fault.minutes, running(scene), () => between(scene))
  const mendedAt = stage.world.at
  fault.mend?.(scene)
  await stage.minutes(quietAfter, {}, () => undefined)

  const from = startedAt + 10 * MINUTE_MS
  const minutes = ringing(RESOURCES, stage, { from, to: stage.world.at, lateMinutes }).map((names) =>
    names.filter((name) => !isHalf(name)),
  )
  const index = (at: number) => Math.floor(at / MINUTE_MS) - Math.floor(from / MINUTE_MS)
  return {
    before: minutes.slice(0, index(brokenAt)),
    during: minutes.slice(index(brokenAt), index(mendedAt)),
    after: minutes.slice(index(mendedAt)),
    ...{ brokenAt, mendedAt, stage },
  }
}
