import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { eventOf } from '../support/world.ts'
import { type Attack, withBody } from './attack.ts'
import { run } from './runner.ts'
import { table } from './table.ts'
import { type AttackWorld, startAttackWorld } from './world.ts'

/** The suite is only worth something if it fires: each of these handlers or expectations is wrong in one way. */

let world: AttackWorld
beforeAll(async () => {
  world = await startAttackWorld()
})
afterAll(() => world.close())

const attack: Attack = {
  theme: 'runner',
  attack: 'another userId',
  route: 'validate',
  code: 'TOKEN_USER_DIFFERS',
  spoil: (good) => withBody(good, { userId: 'victim' }),
}
const onIssue: Attack = { ...attack, route: 'issue', code: 'USER_UNKNOWN' }

/** Hands every request on, with one thing done to it or to its answer. */
const weakened =
  (change: (handler: HttpHandler) => HttpHandler, route: Attack['route'] = 'validate') =>
  (): HttpHandler =>
    change(world.handlers[route])

/** Answers for the good request whatever was asked. */
const gullible = weakened((handler) => (_, context) => {
  const good = {
    Token: world.credentials.enterpriseToken,
    userId: '10010001',
    userName: 'Tom',
    tenantSpaceId: '202007159031',
  }
  return handler(eventOf({ body: good }), context)
})
/** Answers for an empty request whatever was asked. */
const deaf = weakened((handler) => (_, context) => handler(eventOf({ body: {} }), context))
const crashing = weakened(() => async () => {
  throw new RangeError('a crash')
})
const silent = weakened((handler) => (event) => handler(event, { awsRequestId: 'another' } as never))
const withStatus = weakened((handler) => async (event, context) => ({
  ...(await handler(event, context)),
  statusCode: 500,
}))
const talkative = weakened((handler) => async (event, context) => {
  const answer = await handler(event, context)
  const { retCode } = JSON.parse(answer.body)
  return retCode === 0
    ? answer
    : { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), echo: event.body }) }
})
const busy = weakened((handler) => async (event, context) => {
  await fetch(world.vendors.vendors.cec.url)
  return handler(event, context)
})
const curious = weakened((handler) => async (event, context) => {
  await fetch(`${world.providers.main.issuer}/jwks`)
  return handler(event, context)
})
const vague = weakened(
  (handler) => async (event, context) => {
    const answer = await handler(event, context)
    return answer.statusCode < 400 ? answer : { ...answer, body: '{"code":"INTERNAL","message":"x"}' }
  },
  'issue',
)

describe('test/attacks/runner', () => {
  it('is silent about an attack that is refused as it should be', async () => {
    expect(await run(attack, world)).toEqual({ complaints: [], isTwinGood: true })
    expect(await run(onIssue, world)).toEqual({ complaints: [], isTwinGood: true })
  })

  it.each([
    [
      'answers success whatever is asked',
      attack,
      gullible,
      true,
      /^log code: expected "TOKEN_USER_DIFFERS", found "TOKEN_VALID"$/,
    ],
    [
      'answers success whatever is asked, by its body',
      attack,
      gullible,
      true,
      /^answer: .*found .*"retCode":0/,
    ],
    ['refuses whatever is asked', attack, deaf, false, /^the twin failed: \[200,"BODY_INVALID"/],
    ['refuses for another reason', attack, deaf, false, /^log code: .* found "BODY_INVALID"$/],
    ['throws', attack, crashing, false, /^threw: a crash$/],
    [
      'leaves no log line for the request',
      attack,
      silent,
      false,
      /^threw: expected one log line for a request, found 0$/,
    ],
    ['answers with another status', attack, withStatus, false, /^answer: .*found \{"status":500/],
    [
      'repeats the token in its answer',
      attack,
      talkative,
      true,
      /^Token is repeated in the answer or the log$/,
    ],
    ['calls a vendor', attack, busy, false, /^calls: expected \{\}, found \{"cec":1\}$/],
    ['calls an identity provider', attack, curious, false, /^calls: expected \{\}, found \{"providers":1\}$/],
    [
      'answers in another class than its log code has',
      onIssue,
      vague,
      true,
      /^answer: expected .*USER_UNKNOWN.* found .*INTERNAL/,
    ],
  ] as const)('complains of a handler that %s', async (_, tried, handler, isTwinGood, complaint) => {
    const result = await run(tried, world, handler())
    expect(result.complaints).toEqual(expect.arrayContaining([expect.stringMatching(complaint)]))
    expect(result.isTwinGood).toBe(isTwinGood)
  })

  it.each([
    ['another code', { code: 'TOKEN_NAME_DIFFERS' }, /^log code: expected "TOKEN_NAME_DIFFERS"/],
    ['a success', { code: 'TOKEN_VALID' }, /^log code: expected "TOKEN_VALID"/],
    ['a call that nobody makes', { calls: { secrets: 1 } }, /^calls: expected \{"secrets":1\}, found \{\}$/],
  ])('complains of an attack that expects %s', async (_, changes, complaint) => {
    const { complaints } = await run({ ...attack, ...changes }, world)
    expect(complaints).toEqual(expect.arrayContaining([expect.stringMatching(complaint)]))
  })

  it('does not run an attack whose code has no verdict', async () => {
    await expect(run({ ...attack, code: 'TOKEN_GUESSED' }, world)).rejects.toThrow(
      'TOKEN_GUESSED: no verdict in the tables of docs/reference/errors.md',
    )
  })

  it('marks in the table what failed, and counts the twins that did', async () => {
    const good = { ...attack, ...(await run(attack, world)) }
    const bad = { ...onIssue, ...(await run(onIssue, world, vague())), isTwinGood: false }
    expect(table([good, bad]).split('\n')).toEqual([
      expect.stringMatching(/^theme +attack +route +log code +twins ok$/),
      expect.stringMatching(/^runner +another userId +validate +TOKEN_USER_DIFFERS +1 of 1$/),
      expect.stringMatching(/^runner +another userId +issue +FAILED +0 of 1$/),
      'by theme: runner 2',
      'by route: validate 1, issue 1',
      '2 cases, 1 twins failed',
    ])
  })
})
