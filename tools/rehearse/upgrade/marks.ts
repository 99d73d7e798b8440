/** What a release leaves in tables and secrets, each with what any release must make of it from then on. */

import { createHash } from 'node:crypto'
import { LOCAL_TENANT, LOCAL_USER } from '../../local/constants.ts'
import { bodyOf, callAs, type World } from '../steps/world.ts'
import { APP_CUBE_PATH, appKeyOf, expectRetCode, issueFor, type Person, question } from './requests.ts'

export interface Mark {
  readonly says: string
  /** Throws what is not so. */
  readonly check: () => Promise<void>
}

const put = async (world: World, body: object): Promise<void> => {
  bodyOf(await callAs(world, 'PUT /users', { tenantSpaceId: LOCAL_TENANT, ...body }), 200)
}

const revoke = async (world: World, body: object): Promise<void> => {
  const asked = { tenantSpaceId: LOCAL_TENANT, ...body }
  bodyOf(await callAs(world, 'POST /enterprise-tokens/revocations', asked), 200)
}

const jtiOf = (token: string): string => {
  const [, payload = ''] = token.split('.')
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { jti: string }).jti
}

/** A token that was good and was ended: it must stay so. */
const ended = async (
  world: World,
  { says, person }: { readonly says: string; readonly person: Person },
  end: (token: string) => Promise<void>,
): Promise<Mark> => {
  const token = await issueFor(world, person)
  await end(token)
  return { says, check: async () => expectRetCode(await question(world, token, person), 5) }
}

interface Refused {
  readonly says: string
  readonly status: number
}

const refusedToIssue = (world: World, person: Person, { says, status }: Refused): Mark => ({
  says,
  check: async () => {
    const body = { ...person, tenantSpaceId: LOCAL_TENANT }
    bodyOf(await callAs(world, 'POST /enterprise-tokens', body), status)
  },
})

/** A deleted user, and the token that it had. None where the release knows no deletion. */
const deleted = async (world: World, person: Person): Promise<readonly Mark[]> => {
  const token = await issueFor(world, person)
  const { userId } = person
  const asked = { tenantSpaceId: LOCAL_TENANT, userId, status: 'deleted' }
  const answer = await callAs(world, 'PUT /users', asked)
  if (answer.status === 400) return []
  bodyOf(answer, 200)
  return [
    {
      says: 'a deleted user',
      check: async () => expectRetCode(await question(world, token, person), 5),
    },
    refusedToIssue(world, person, { says: 'a deleted user gets none', status: 404 }),
  ]
}

/** The stored token of OIAP, which every sandbox and release shares; another one is fetched and stored where this one was refused. */
export const storedToken = async (world: World, refused?: string): Promise<string> => {
  const headers = {
    ...{ authorization: `Bearer ${world.callerKey}`, 'content-type': 'application/json' },
    ...(refused === undefined
      ? {}
      : { 'x-refused-token': createHash('sha256').update(refused).digest('hex') }),
  }
  const answer = await world.stage.call({
    ...{ method: 'POST', path: APP_CUBE_PATH, headers },
    body: JSON.stringify({ appKey: appKeyOf(world) }),
  })
  return bodyOf<{ authToken: string }>(answer, 200).authToken
}

/** Writes one of each kind. `by` is part of every id, so that each release has users of its own. */
export const leaveMarks = async (world: World, by: string): Promise<readonly Mark[]> => {
  const person = (what: string): Person => ({ userId: `${by}-${what}`, userName: `${by} ${what} 张三` })
  const [entered, renamed, disabled, gone, revoked] = [
    ...[person('entered'), person('renamed'), person('disabled')],
    ...[person('gone'), person('revoked')],
  ] as const
  for (const user of [entered, renamed, disabled, gone, revoked])
    await put(world, { ...user, status: 'active' })
  const marks = [
    await ended(world, { says: 'a renamed user', person: renamed }, () =>
      put(world, { ...renamed, userName: 'another name', status: 'active' }),
    ),
    await ended(world, { says: 'a disabled user', person: disabled }, () =>
      put(world, { ...disabled, status: 'disabled' }),
    ),
    await ended(world, { says: "a user's tokens", person: revoked }, () =>
      revoke(world, { userId: revoked.userId }),
    ),
    await ended(world, { says: 'one token', person: LOCAL_USER }, (token) =>
      revoke(world, { jti: jtiOf(token) }),
    ),
  ]
  const good = await issueFor(world, entered)
  return [
    ...marks,
    ...(await deleted(world, gone)),
    {
      says: 'an entered user',
      check: async () => {
        expectRetCode(await question(world, good, entered), 0)
        await issueFor(world, entered)
      },
    },
    refusedToIssue(world, disabled, { says: 'a disabled user gets none', status: 403 }),
    refusedToIssue(world, renamed, { says: 'the old name of a renamed user gets none', status: 409 }),
  ]
}

/** Returns how many hold. Throws which does not. */
export const checkMarks = async (marks: readonly Mark[]): Promise<number> => {
  for (const { says, check } of marks)
    await check().catch((error: Error) => {
      throw new Error(`${says}: ${error.message}`)
    })
  return marks.length
}
