import { beforeEach, describe, expect, it } from 'vitest'
import { issuerItemKey, keyItemKey } from '../../../lib/callers/items.ts'
import { type CallerSource, callerSource } from '../../../lib/callers/source.ts'
import { BridgeError } from '../../../lib/errors.ts'
import type { LogFields } from '../../../lib/log.ts'
import { newCallerKey, sha256 } from '../../support/world.ts'
import { DEADLINE, secretsOf } from '../http/fakes.ts'

const hashOf = () => sha256(newCallerKey())
const [A, B, C] = [hashOf(), hashOf(), hashOf()]
const caller = (callerId: string, ...hashes: string[]) => ({
  callerId,
  keys: hashes.map((hash) => ({ sha256: hash, expiresAt: 1_900_000_000 })),
  tenants: ['202007159031'],
  scopes: [],
})
const ISSUER = 'https://idp.example.com'
const users = { callerId: 'staff', kind: 'user', issuer: ISSUER, audience: 'ours', tenant: 'T-1', scopes: [] }
const jobs = { ...users, callerId: 'jobs', kind: 'back-end', audience: 'jobs', subjects: ['job-1'] }

let items: Record<string, string>
let reads: string[]
let lines: (LogFields & { level: string })[]
let secret: object

beforeEach(() => {
  items = {}
  reads = []
  lines = []
  secret = { callers: [caller('shop', A)], issuers: [users], table: true }
})
const put = (pk: string, lists: object | string) => {
  items[pk] = typeof lists === 'string' ? lists : JSON.stringify({ callers: [], ...lists })
}
const source = (): CallerSource => {
  const remembered = new Map<string, { text: string }>()
  return callerSource({
    secrets: secretsOf({ callers: secret }),
    items: {
      read: async (pk) => {
        reads.push(pk)
        const text = items[pk]
        if (text === undefined) return undefined
        const known = remembered.get(text) ?? { text }
        remembered.set(text, known)
        return known
      },
    },
    log: (level, fields) => lines.push({ level, ...fields }),
  })
}
const idOf = async (hash: string, from = source()) => (await from.ofKey(hash, DEADLINE))?.callerId
const idsOf = async (issuer = ISSUER, from = source()) => {
  const { issuers, leftOutTexts } = await from.ofIssuer(issuer, DEADLINE)
  return { ids: issuers.map(({ callerId }) => callerId), leftOutTexts }
}
const leftOut = (field: string, expected: string) => ({
  level: 'ERROR',
  code: 'CALLERS_ENTRY_LEFT_OUT',
  field,
  expected,
})

describe('lib/callers/source: ofKey', () => {
  it('finds a key in the secret without a look into the table', async () => {
    put(keyItemKey(A), { callers: [caller('another', A)] })
    expect(await idOf(A)).toBe('shop')
    expect(reads).toEqual([])
  })

  it('finds a key in its item, with one read', async () => {
    put(keyItemKey(B), { callers: [caller('app', B)] })
    expect(await idOf(B)).toBe('app')
    expect(await idOf(C)).toBeUndefined()
    expect(reads).toEqual([keyItemKey(B), keyItemKey(C)])
  })

  it('does not look into the table where the secret does not say so', async () => {
    put(keyItemKey(B), { callers: [caller('app', B)] })
    secret = { callers: [caller('shop', A)] }
    expect(await idOf(B)).toBeUndefined()
    expect(reads).toEqual([])
  })

  it('throws what the read throws: nobody can say that there is no such key', async () => {
    const away = new BridgeError('CALLERS_UNAVAILABLE', 'x')
    const from = callerSource({
      secrets: secretsOf({ callers: secret }),
      items: { read: () => Promise.reject(away) },
      log: () => undefined,
    })
    await expect(from.ofKey(B, DEADLINE)).rejects.toBe(away)
    await expect(from.ofIssuer(ISSUER, DEADLINE)).rejects.toBe(away)
    expect(await idOf(A, from)).toBe('shop')
  })

  const good = { callers: [caller('app', B)] }
  it.each([
    ['what is no JSON', '{"callers":[', 'entries', 'expected JSON'],
    ['no text', '', 'entries', 'expected JSON'],
    ['a member twice', '{"callers":[],"callers":[]}', 'entries', 'expected each member once'],
    ['another list', { clients: [] }, 'entries', 'expected no members but callers, issuers, table'],
    [
      'an entry without a tenant',
      { callers: [{ ...caller('app', B), tenants: [] }] },
      'callers.0.tenants',
      'expected at least one tenant',
    ],
    [
      'an unknown member',
      { callers: [{ ...caller('app', B), admin: true }] },
      'callers.0',
      'expected no members but callerId, keys, tenants, tenantPrefixes, scopes',
    ],
    [
      'a callerId of the secret',
      { callers: [caller('shop', B)] },
      'callers.0.callerId',
      'expected a callerId that no entry before has',
    ],
    [
      "another caller's key",
      { callers: [caller('app', C)] },
      'entries',
      'expected an entry of this key or issuer',
    ],
  ])(
    'leaves an item with %s out, says so once, and shuts out nobody else',
    async (_, wrong, field, expected) => {
      put(keyItemKey(B), wrong)
      put(keyItemKey(C), { callers: [caller('other', C)] })
      const from = source()
      expect(await idOf(B, from)).toBeUndefined()
      expect(await idOf(B, from)).toBeUndefined()
      expect(await idOf(C, from)).toBe('other')
      expect(await idOf(A, from)).toBe('shop')
      expect(lines).toEqual([leftOut(`key#${B.slice(0, 12)}.${field}`, expected)])
      put(keyItemKey(B), good)
      expect(await idOf(B, from)).toBe('app')
      expect(lines).toHaveLength(1)
    },
  )
})

describe('lib/callers/source: ofIssuer', () => {
  it('joins the entries of the secret with those of the item', async () => {
    put(issuerItemKey(ISSUER), { issuers: [jobs] })
    expect(await idsOf()).toEqual({ ids: ['staff', 'jobs'], leftOutTexts: [] })
    expect(await idsOf('https://other.example.com')).toEqual({ ids: [], leftOutTexts: [] })
    expect(reads).toEqual([ISSUER, 'https://other.example.com'].map(issuerItemKey))
  })

  it('does not look into the table where the secret does not say so', async () => {
    secret = { callers: [], issuers: [users] }
    put(issuerItemKey(ISSUER), { issuers: [jobs] })
    expect((await idsOf()).ids).toEqual(['staff'])
    expect(reads).toEqual([])
  })

  it('leaves out an entry that contradicts one of the secret, and says whose texts are no users', async () => {
    put(issuerItemKey(ISSUER), { issuers: [{ ...jobs, jwksUri: 'https://keys.example.com/' }] })
    const { ids, leftOutTexts } = await idsOf()
    expect(ids).toEqual(['staff'])
    expect(leftOutTexts).toContain('job-1')
    expect(lines).toEqual([
      leftOut(
        `${issuerItemKey(ISSUER).slice(0, 19)}.issuers.0.jwksUri`,
        'expected the same jwksUri in every entry of an issuer',
      ),
    ])
  })

  it('has no entries where the item is unreadable: a back end that it lists would else pass for a user', async () => {
    put(issuerItemKey(ISSUER), '{"callers":[],"issuers":[')
    expect((await idsOf()).ids).toEqual([])
    put(issuerItemKey(ISSUER), { issuers: [] })
    expect((await idsOf()).ids).toEqual(['staff'])
  })

  it('does not take an entry of another issuer out of an item', async () => {
    const other = { ...users, issuer: 'https://other.example.com', callerId: 'other', audience: 'x' }
    put(issuerItemKey(ISSUER), { issuers: [other] })
    expect((await idsOf()).ids).toEqual(['staff'])
    expect(lines).toEqual([
      leftOut(`${issuerItemKey(ISSUER).slice(0, 19)}.entries`, 'expected an entry of this key or issuer'),
    ])
  })
})
