/** Runs an attack and its twin against the exported handlers, and says everything that is not as it must be. */

import { isDeepStrictEqual } from 'node:util'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { answered, type Outcome, type RequestParts, undocumentedIn } from '../support/world.ts'
import type { Attack, Calls } from './attack.ts'
import { type RouteName, routeOf } from './routes.ts'
import { actualAnswer, expectedAnswer } from './verdicts.ts'
import type { AttackWorld } from './world.ts'

export interface Result {
  /** In words; empty when the attack came to nothing and its twin succeeded. */
  readonly complaints: readonly string[]
  readonly isTwinGood: boolean
}

export const run = async (
  attack: Attack,
  world: AttackWorld,
  handler: HttpHandler = world.handlers[attack.route],
): Promise<Result> => {
  const { route } = attack
  const good = (attack.twin ?? routeOf(route).good)(world)
  const parts = await attack.spoil(good, world)
  const attempt = await tried(world, handler, parts)
  const twin = await tried(world, handler, good)
  world.tick(route)
  const isTwinGood = unexpected(route, { code: routeOf(route).success }, twin).length === 0
  const complaints = unexpected(route, attack, attempt).concat(repeated(attempt, parts, route))
  return {
    complaints: isTwinGood ? complaints : [...complaints, `the twin failed: ${described(twin)}`],
    isTwinGood,
  }
}

type Attempt =
  | { readonly outcome: Outcome; readonly calls: Calls; readonly undocumented: string | undefined }
  | { readonly thrown: string }

/** `answered` throws for anything but one log line, and for a secret in the answer or the log. */
const tried = async (world: AttackWorld, handler: HttpHandler, parts: RequestParts): Promise<Attempt> => {
  const { secretsManager, vendors } = world.vendors
  const { cec, oiap, live } = vendors
  const services = { secrets: secretsManager, cec, oiap, live, providers: world.providers }
  for (const service of Object.values(services)) service.resetCalls()
  // `answered` looks for its request's line in all of them.
  world.vendors.lines.length = 0
  try {
    const outcome = await answered(world.vendors, handler, parts)
    const counts = Object.entries(services).map(([name, service]) => [name, service.calls()] as const)
    return {
      outcome,
      calls: Object.fromEntries(counts.filter(([, count]) => count > 0)),
      undocumented: undocumentedIn(parts, outcome),
    }
  } catch (error) {
    return { thrown: error instanceof Error ? error.message : String(error) }
  }
}

const unexpected = (
  route: RouteName,
  { code, calls }: Pick<Attack, 'code' | 'calls'>,
  attempt: Attempt,
): string[] => {
  if ('thrown' in attempt) return [`threw: ${attempt.thrown}`]
  const { dialect, success, status, calls: usual } = routeOf(route)
  const isSuccess = code === success
  const { outcome } = attempt
  const expected = isSuccess && dialect !== 'validate' ? { status } : answerFor(route, code)
  const actual =
    isSuccess && dialect !== 'validate' ? { status: outcome.status } : actualAnswer(dialect, outcome)
  return [
    ...differs('log code', outcome.line.code, code),
    ...differs('status in the log', outcome.line['status'], outcome.status),
    ...differs('answer', actual, expected),
    ...differs('calls', attempt.calls, calls ?? (isSuccess ? usual : {})),
    ...(attempt.undocumented === undefined ? [] : [attempt.undocumented]),
  ]
}

const answerFor = (route: RouteName, code: string): object =>
  code === routeOf(route).success
    ? { status: 200, body: { retCode: 0, message: 'validate success' } }
    : expectedAnswer(routeOf(route).dialect, code)

const differs = (what: string, actual: unknown, expected: unknown): string[] =>
  isDeepStrictEqual(actual, expected)
    ? []
    : [`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`]

/** Shorter values are found by chance. */
const SHORTEST = 20

/** Neither answer nor log line may repeat a credential as it was presented. */
const repeated = (attempt: Attempt, { headers = {}, body }: RequestParts, route: RouteName): string[] => {
  if ('thrown' in attempt || attempt.outcome.line.code === routeOf(route).success) return []
  const said = JSON.stringify(attempt.outcome.body) + JSON.stringify(attempt.outcome.line)
  const presented: Record<string, unknown> = {
    authorization: headers['authorization']?.replace(/^\S+ /, ''),
    'ccmessaging-token': headers['ccmessaging-token'],
    Token: (body as Record<string, unknown> | null | undefined)?.['Token'],
    access_token: (body as Record<string, unknown> | null | undefined)?.['access_token'],
  }
  return Object.entries(presented)
    .filter(([, value]) => typeof value === 'string' && value.length >= SHORTEST && said.includes(value))
    .map(([name]) => `${name} is repeated in the answer or the log`)
}

const described = (attempt: Attempt): string =>
  'thrown' in attempt
    ? `threw: ${attempt.thrown}`
    : JSON.stringify([attempt.outcome.status, attempt.outcome.line.code, attempt.calls])
