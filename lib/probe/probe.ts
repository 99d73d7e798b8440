/** One run of the prober: a token's whole life at the deployed address, and one shared token. */

import * as z from 'zod/mini'
import { type Deadline, waitingMs } from '../concurrency/deadline.ts'
import type { Log, LogCode, LogLevel } from '../log.ts'
import type { ProberSecret } from '../schemas/prober.ts'
import type { Answer, Ask, Question } from './ask.ts'
import { type Cause, causeOf, EXPECTED, found, isUnknownKey, type Step, tokenIdIn } from './verdict.ts'

/** What a visitor would wait for at most. An AppCube token may have to be fetched first. */
const ANSWER_MS = 4_000
const APP_CUBE_MS = 12_000
/** The answer to a revocation promises it. */
const IN_FORCE_MS = 1_000

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
/** Of no key that any stage has. It is asked about where no token is issued, so that CEC's route is never left unwatched. */
const FOREIGN = `${base64url({ alg: 'ES256', typ: 'cec-enterprise+jwt', kid: 'prober' })}.e30.${'A'.repeat(86)}`

/** The schedule's event says nothing. */
export const AnyEvent = z.unknown()

export interface ProbeDeps {
  readonly ask: Ask
  readonly pause: (ms: number) => Promise<void>
  readonly log: Log
}

export interface Finding {
  readonly step: Step
  readonly expected: string
  readonly found: string
}

export interface ProbeSummary {
  /** How many questions were asked. What needs an answer that did not come is not asked. */
  readonly asked: number
  /** Answered otherwise than they must be. */
  readonly failed: number
  /** Those of which the prober itself was refused. */
  readonly refused: number
  /** Those that a vendor, or a tenant's secret for it, spoils. */
  readonly vendorFailed: number
  readonly findings: readonly Finding[]
}

/** Asks everything once, one question after the other. Throws INTERNAL alone; every other failure is a finding, with a line of its own. */
export const probe =
  ({ ask, pause, log }: ProbeDeps) =>
  async (prober: ProberSecret, deadline: Deadline): Promise<ProbeSummary> => {
    const { url, validateUrl, callerKey, tenantSpaceId, userId, userName, appCube } = prober
    const user = { userId, userName, tenantSpaceId }
    const wrong: Wrong[] = []
    let asked = 0

    const put = async (step: Step, question: Omit<Question, 'atMostMs'>, atMostMs = ANSWER_MS) => {
      asked += 1
      const answer = await ask({ ...question, atMostMs }, deadline)
      if (EXPECTED[step].isMet(answer)) return answer
      wrong.push({ step, answer })
      return undefined
    }
    const validate = (step: Step, token: string) =>
      put(step, { url: validateUrl, body: { Token: token, ...user } })

    const issued = await put('issue', { url: `${origin(url)}/enterprise-tokens`, body: user, callerKey })
    if (issued === undefined) await validate('foreign', FOREIGN)
    else {
      const token = String(issued.members['token'])
      await validate('valid', token)
      await validate('tampered', tampered(token))
      const revocation = { tenantSpaceId, jti: tokenIdIn(token) }
      const revocations = `${origin(url)}/enterprise-tokens/revocations`
      if ((await put('revoke', { url: revocations, body: revocation, callerKey })) !== undefined) {
        await pause(Math.min(IN_FORCE_MS, waitingMs(deadline)))
        await validate('revoked', token)
      }
    }
    if (appCube !== undefined) {
      const { callerKey: key, appKey } = appCube
      const of = { url: `${origin(url)}/oifde/rest/appcube/api/getAppCubeToken`, body: { appKey } }
      await put('appCube', { ...of, callerKey: key }, APP_CUBE_MS)
    }
    const judged = judge(wrong, appCube === undefined ? ['issue'] : ['issue', 'appCube'])
    const findings = judged.map((question) => findingOf(question, log))
    const many = (of: Cause) => judged.filter(({ cause }) => cause === of).length
    return { asked, failed: many('stage'), refused: many('prober'), vendorFailed: many('vendor'), findings }
  }

const origin = (url: string): string => url.replace(/\/$/, '')

/** With another first character of the signature: the form stays what it was. */
const tampered = (token: string): string => {
  const at = token.lastIndexOf('.') + 1
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
}

/** A question that was answered otherwise than it must be. */
interface Wrong {
  readonly step: Step
  readonly answer: Answer
}

/** Where none of its keys is known (`keySteps`: the question of each), the callers' secret may have lost everybody's: that is no fault of the prober's alone. */
const judge = (wrong: readonly Wrong[], keySteps: readonly Step[]) => {
  const unknown = wrong.filter(({ answer }) => isUnknownKey(answer)).map(({ step }) => step)
  const isNobodyKnown = keySteps.every((step) => unknown.includes(step))
  return wrong.map(({ step, answer }) => ({
    ...{ step, answer },
    cause: isNobodyKnown && unknown.includes(step) ? ('stage' as const) : causeOf(step, answer),
  }))
}

const TOLD: Readonly<Record<Cause, readonly [LogLevel, LogCode]>> = {
  stage: ['ERROR', 'PROBE_FAILED'],
  prober: ['WARN', 'PROBE_REFUSED'],
  vendor: ['WARN', 'PROBE_VENDOR_FAILED'],
}

const findingOf = ({ step, answer, cause }: Wrong & { readonly cause: Cause }, log: Log): Finding => {
  const [level, code] = TOLD[cause]
  const finding = { step, expected: EXPECTED[step].expected, found: found(answer) }
  const { status, requestId } = answer
  log(level, {
    code,
    step,
    expected: finding.expected,
    reason: finding.found,
    ...(status === undefined ? {} : { upstreamStatus: status }),
    ...(requestId === undefined ? {} : { probedRequestId: requestId }),
  })
  return finding
}
