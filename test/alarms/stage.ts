/** A stage of which the schedule and a few requests are real, on a clock that is stepped, and what it writes. */

import type { Context } from 'aws-lambda'
import { jsonLog, type Log } from '../../lib/log.ts'
import { Share } from '../../lib/prewarm/share.ts'
import type { Answer, Question } from '../../lib/probe/ask.ts'
import { AnyEvent, probe } from '../../lib/probe/probe.ts'
import type { SecretList } from '../../lib/secrets/source.ts'
import { taskHandler } from '../../lib/start/task.ts'
import type { Table } from '../../lib/table/table.ts'
import { DUE_MS, MINUTE_MS, type ScheduleWorld, scheduleWorld } from '../support/schedule-world.ts'
import type { Invocation, Observed } from './judge.ts'

/** How late EventBridge starts a run, in milliseconds. */
const LATE_MS = [0, 1_900, 40, 2_700, 5, 800, 3_000]

const PROBE_MINUTES = 5
const ADDRESS = 'https://tokens.example.com'
const PROBER = {
  ...{ url: ADDRESS, validateUrl: `${ADDRESS}/validate`, callerKey: 'none', tenantSpaceId: 'prober' },
  ...{ userId: 'prober-1', userName: 'Prober' },
  appCube: { callerKey: 'none', appKey: 'oiap' },
}
const TOKEN = `e30.${btoa('{"jti":"1"}').replaceAll('=', '')}.A`

/** What a stage in order answers in one run. */
const goodAnswers = () => {
  let isRevoked = false
  return ({ url, body }: Question): Answer => {
    if (url.endsWith('/enterprise-tokens')) return { status: 201, members: { token: TOKEN } }
    if (url.endsWith('/revocations')) {
      isRevoked = true
      return { status: 200, members: { revoked: true } }
    }
    if (url.endsWith('/getAppCubeToken')) return { status: 200, members: { authToken: 'none' } }
    const isTampered = 'Token' in body && body.Token !== TOKEN
    return { status: 200, members: { retCode: isTampered ? 2 : isRevoked ? 5 : 0 } }
  }
}

/** How the schedule's next runs are. */
export interface Running {
  readonly table?: Table
  readonly list?: SecretList
  /** What a run has in time. Default its minute. */
  readonly ms?: number
  readonly isCalled?: 'no' | 'throttled'
  /** What is answered to the prober in place of a good answer; by default nothing is. `silent`: it is not called. */
  readonly probed?: 'silent' | ((question: Question) => Answer | undefined)
}

export interface Stage extends Observed {
  readonly world: ScheduleWorld
  readonly lines: string[]
  readonly accessLines: string[]
  readonly invocations: Invocation[]
  /** Writes as a function would; the level of the stage is ERROR, which leaves out most. */
  readonly log: Log
  readonly called: (name: string, ended?: Invocation['ended'], ms?: number) => void
  /** So many minutes, with what happens in each after the schedule's run. */
  readonly minutes: (count: number, running: Running, between: () => unknown) => Promise<void>
}

/** With a tenant whose token becomes due after `healthyMinutes`. */
export const newStage = async (healthyMinutes: number): Promise<Stage> => {
  const world = scheduleWorld()
  const lines: string[] = []
  const invocations: Invocation[] = []
  const log = jsonLog({
    minimum: 'ERROR',
    now: () => new Date(world.at),
    write: (line) => lines.push(line),
    stage: 'prod',
  })
  const called: Stage['called'] = (name, ended = 'well', ms = 20) => {
    invocations.push({ at: world.at, function: name, ended, ms })
  }
  world.requestLog = log

  const scheduled = async ({ table, list, ms = MINUTE_MS, isCalled }: Running) => {
    if (isCalled === 'throttled') called('prewarmTokens', 'throttled')
    if (isCalled !== undefined) return
    const endsAt = world.at + ms
    const of = { ...(table && { of: table }), ...(list && { listing: list }), log }
    const handler = taskHandler({
      name: 'prewarmTokens',
      input: Share,
      success: 'PREWARM_DONE',
      log,
      describe: () => ({}),
      run: (share, deadline) => world.sandbox(of)(deadline, share),
      summarise: (summary) => summary,
    })
    const context = { getRemainingTimeInMillis: () => endsAt - world.at } as Context
    const ended = await handler({}, context).then(
      () => 'well' as const,
      () => 'failed' as const,
    )
    called('prewarmTokens', ended)
  }

  const asked = async ({ probed }: Running) => {
    if (probed === 'silent') return
    const good = goodAnswers()
    const handler = taskHandler({
      name: 'probe',
      input: AnyEvent,
      success: 'PROBE_DONE',
      log,
      describe: () => ({}),
      run: (_, deadline) =>
        probe({ ask: async (question) => probed?.(question) ?? good(question), pause: async () => {}, log })(
          PROBER,
          deadline,
        ),
      summarise: ({ findings: _, ...counts }) => counts,
    })
    await handler({}, { getRemainingTimeInMillis: () => 60_000 } as Context)
    called('probe')
  }

  world.put('t0/oiap')
  await world.run()
  for (const secret of world.vault.values()) secret.changedAt = 0
  world.at = Math.ceil((world.at + DUE_MS) / MINUTE_MS) * MINUTE_MS - healthyMinutes * MINUTE_MS

  return {
    ...{ world, lines, accessLines: [], invocations, log, called },
    minutes: async (count, running, between) => {
      for (let minute = 0; minute < count; minute++) {
        const begun = Math.floor(world.at / MINUTE_MS) * MINUTE_MS
        world.at = begun + (LATE_MS[minute % LATE_MS.length] ?? 0)
        await scheduled(running)
        if (minute % PROBE_MINUTES === 0) await asked(running)
        world.at = Math.max(world.at, begun + 30_000)
        await between()
        world.at = Math.max(begun, Math.floor(world.at / MINUTE_MS) * MINUTE_MS) + MINUTE_MS
      }
    },
  }
}
