import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAdmissible } from '../../../lib/directory/admissible.ts'
import {
  type Admission,
  type Directory,
  type DirectoryKeeper,
  versionOf,
} from '../../../lib/directory/directory.ts'
import { dynamoDirectory } from '../../../lib/directory/dynamodb.ts'
import { userKey } from '../../../lib/directory/items.ts'
import { ENTERPRISE_TOKEN } from '../../../lib/enterprise-token/verify.ts'
import { admission } from '../../../lib/signed-token/checks.ts'
import { startWorld, TABLE, TENANT, type World } from '../../support/world.ts'
import { AMPLE } from './fake-table.ts'

/** Longer than any token of ours lives: here none expires at all, so that the epochs alone must end them. */
const KEPT = 1_800_003_640

let world: World
let directory: Directory & DirectoryKeeper
let client: DynamoDBDocumentClient
beforeAll(async () => {
  world = await startWorld()
  client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
  directory = dynamoDirectory({ table: TABLE, random: fromSeed(1) })
})
afterAll(() => world.close())

/** The same numbers again and again, 0 ≤ x < 1 (mulberry32). */
const fromSeed = (seed: number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Step = (userId: string) => Promise<unknown>
const put =
  (userName: string, status: 'active' | 'disabled'): Step =>
  (userId) =>
    directory.putUser({ tenantSpaceId: TENANT, userId, userName, status }, AMPLE)
const provision =
  (userName: string, at: number): Step =>
  (userId) =>
    directory.provision({ tenantSpaceId: TENANT, userId, userName, at, keepUntil: KEPT }, AMPLE)

/** What may happen to a user. The table sweeps when it likes: here also a tombstone before its time, and users who are there. */
const STEPS: Readonly<Record<string, Step>> = {
  enter: put('Tom', 'active'),
  rename: put('Thomas', 'active'),
  disable: put('Tom', 'disabled'),
  delete: (userId) => directory.deleteUser({ tenantSpaceId: TENANT, userId, keepUntil: KEPT }, AMPLE),
  revoke: (userId) =>
    directory
      .revokeUser({ tenantSpaceId: TENANT, userId }, AMPLE)
      .catch(({ code }) => expect(code).toBe('USER_UNKNOWN')),
  vouch: provision('Tom', KEPT - 1),
  'vouch under another name': provision('Thomas', KEPT - 1),
  'vouch when the sweep is late': provision('Tom', KEPT + 1),
  sweep: (userId) =>
    client.send(new DeleteCommand({ TableName: TABLE, Key: { pk: userKey(TENANT, userId) } })),
}
const NAMES = Object.keys(STEPS)

interface Token {
  readonly name: string
  readonly ver: string
  readonly step: number
  refusedAt?: number
}

const isAccepted = async (userId: string, { name, ver }: Token, found: Admission): Promise<boolean> => {
  const names = { jti: 'jti-jti-jti-jti-1', kid: 'kid-1', tenantSpaceId: TENANT, userId }
  const claims = { iss: 'x', aud: 'x', sub: userId, name, jti: names.jti, ver, iat: 0, exp: 1 }
  const deps = { issuer: 'x', now: () => new Date(0), directory: { admission: async () => found } }
  const expected = {
    audience: { claim: 'aud', is: 'x', refusal: () => new Error() as never },
    subject: [],
  } as const
  try {
    await admission({ claims, names, expected, profile: ENTERPRISE_TOKEN, deps, deadline: AMPLE })
    return true
  } catch (error) {
    expect((error as { code: string }).code).toMatch(/^TOKEN_(USER_UNKNOWN|USER_INACTIVE|REVOKED)$/)
    return false
  }
}

/** What ends each token that was issued before it, at once. */
const ENDS_ALL = new Set(['disable', 'delete', 'revoke', 'sweep'])

/** Walks the steps; before each, whoever may have a token gets one of each name. The faults, in words. */
const faultsOf = async (userId: string, steps: readonly string[]): Promise<string[]> => {
  const tokens: Token[] = []
  const faults: string[] = []
  for (const [step, name] of steps.entries()) {
    await STEPS[name]?.(userId)
    const found = await directory.admission({ tenantSpaceId: TENANT, userId }, AMPLE)
    for (const token of tokens) {
      const accepted = await isAccepted(userId, token, found)
      if (accepted && token.refusedAt !== undefined) faults.push(`${steps}: ${token.step} is back at ${step}`)
      if (accepted && ENDS_ALL.has(name)) faults.push(`${steps}: ${token.step} outlives ${step}`)
      if (!accepted) token.refusedAt ??= step
    }
    for (const userName of ['Tom', 'Thomas'])
      if (isAdmissible(found, { userName })) tokens.push({ name: userName, ver: versionOf(found), step })
  }
  return faults
}

const walked = async (walks: readonly (readonly string[])[]): Promise<string[]> => {
  const faults: string[] = []
  for (const [walk, steps] of walks.entries())
    faults.push(...(await faultsOf(`walk-${steps.length}-${walk}`, steps)))
  return faults
}

describe('lib/directory: no token comes back', () => {
  it('by any two steps after the first token', async () => {
    const walks = NAMES.flatMap((a) => NAMES.map((b) => ['enter', a, b]))
    expect(walks).toHaveLength(9 ** 2)
    expect(await walked(walks)).toEqual([])
  }, 60_000)

  it('by long walks', async () => {
    const random = fromSeed(2)
    const walks = Array.from({ length: 50 }, () =>
      Array.from({ length: 12 }, () => NAMES[Math.floor(random() * NAMES.length)] ?? 'enter'),
    )
    expect(await walked(walks)).toEqual([])
  }, 60_000)

  it('and the walk finds one where a new user’s epochs begin at 0, as they did once', async () => {
    const before = directory
    directory = dynamoDirectory({ table: TABLE, random: () => 0 })
    const faults = await faultsOf('from-zero', ['enter', 'delete', 'sweep', 'enter'])
    directory = before
    expect(faults).toEqual(['enter,delete,sweep,enter: 0 is back at 3'])
    expect(await faultsOf('from-anywhere', ['enter', 'delete', 'sweep', 'enter'])).toEqual([])
  })
})
