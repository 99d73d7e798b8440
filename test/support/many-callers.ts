import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { awsSecretSource } from '../../lib/secrets/aws.ts'
import { operate } from '../../tools/operator/operator.ts'
import { secret } from './canary.ts'
import { functionOf } from './functions.ts'
import { CALLERS_TABLE, call, newCallerKey, PREFIX, sha256, startWorld, type World } from './world.ts'

/** docs/callers.md, "Many callers": what its commands do, and what the functions then answer, for as many callers as a test says. */

/** Longer than a sandbox holds a secret. */
const SECRET_HELD_MS = 331_000
const ENDS_AT = 1_900_000_000
const KEY = /^ctb_[A-Za-z0-9_-]{43}$/m
const counted = (number: number): string => number.toLocaleString('en-US')

/** More than the secret holds: 336 at least. */
export const describeCallers = (count: number): void => {
  const folder = mkdtempSync(join(tmpdir(), 'callers-'))

  let world: World
  let issue: HttpHandler
  let aheadMs = 0
  const startedAt = Date.now()

  beforeAll(async () => {
    world = await startWorld()
    issue = await functionOf('issueAgentToken', world.runtime({ now: () => new Date(startedAt + aheadMs) }))
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await world.close()
  })

  /** One command of an operator's, and what it says. */
  const operated = async (...args: string[]) => {
    const said: string[] = []
    const code = await operate([...args, '--stage', 'test'], {
      say: (line) => said.push(line),
      complain: (line) => said.push(line),
    })
    return { code, said: said.join('\n') }
  }
  const asked = async (key: string, tenantSpaceId: string) => {
    const { status, line } = await call(world, issue, {
      headers: { authorization: `Bearer ${key}` },
      body: { userAccount: 'a101', tenantSpaceId },
    })
    return `${status} ${line.code}`
  }
  const GOOD = '201 AGENT_TOKEN_ISSUED'
  const UNKNOWN = '401 CALLER_UNKNOWN'
  const FOREIGN = '403 TENANT_FORBIDDEN'
  const tenantOf = (at: number) => String(202_007_000_000 + at)
  const keyIn = (said: string) => secret('caller key', KEY.exec(said)?.[0] ?? '')

  describe(`npm run callers: ${counted(count)} callers of a tenant each`, () => {
    const keys = Array.from({ length: count }, () => newCallerKey())
    const BROKEN = Math.floor(count * 0.4711)
    const entry = (key: string, at: number) => ({
      callerId: `shop-${at}`,
      keys: [{ sha256: sha256(key), expiresAt: ENDS_AT }],
      tenants: [tenantOf(at)],
      scopes: ['agent-token:issue'],
    })
    const file = join(folder, 'callers.json')
    const key = (at: number) => keys[at] ?? ''

    it('do not fit into the secret, which says how to go on; what fits is taken', async () => {
      const callers = keys.slice(0, 335).map((one, at) => ({ ...entry(one, at), callerId: `early-${at}` }))
      world.secretsManager.put(`${PREFIX}/callers`, { callers, issuers: [] })
      const tenants = Array.from({ length: 200 }, (_, at) => tenantOf(at))
      const refused = await operated('caller-key', 'all', ...tenants)
      expect(refused).toEqual({
        code: 1,
        said: expect.stringMatching(
          /^The secret "callers" would have 6\d,\d{3} bytes of 65,536\. Nothing was written\. Move its entries into the callers table, and run this command again:\n {2}npm run callers -- move --stage test$/,
        ),
      })
      const { code, said } = await operated('caller-key', 'fits', tenantOf(1), '--scope', 'agent-token:issue')
      expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('counts within five minutes') })
      aheadMs += SECRET_HELD_MS
      expect(await asked(keyIn(said), tenantOf(1))).toBe(GOOD)
      expect(await asked(key(7), tenantOf(7))).toBe(GOOD)
    })

    it('are not taken by the table while nobody asks it', async () => {
      writeFileSync(file, JSON.stringify({ callers: [entry(key(0), 0)] }))
      const refused = await operated('callers', 'put', file)
      expect(refused).toEqual({
        code: 1,
        said: expect.stringContaining('npm run callers -- move --stage test'),
      })
    })

    it('go into the table beside those that are moved there, and one that is broken shuts out itself alone', async () => {
      expect(await operated('callers', 'move')).toEqual({
        code: 0,
        said: expect.stringContaining('Moved: 336 callers and 0 entries of issuers.'),
      })
      expect((await awsSecretSource().read(`${PREFIX}/callers`, 'AWSCURRENT')).value).toBe(
        '{"callers":[],"issuers":[],"table":true}',
      )
      aheadMs += SECRET_HELD_MS
      expect(await asked(key(7), tenantOf(7))).toBe(GOOD)

      const callers = keys.map((one, at) => entry(one, at))
      writeFileSync(
        file,
        JSON.stringify({ callers: callers.with(BROKEN, { ...entry(key(BROKEN), BROKEN), tenants: ['*'] }) }),
      )
      expect(await operated('callers', 'put', file)).toEqual({
        code: 1,
        said: expect.stringContaining(
          `\nPut: ${counted(count - 1)} callers and 0 entries of issuers, ${counted(count - 1)} items. They count within a second.\n1 entry was left out:\n  callers.${BROKEN}.tenants.0: expected 1 to 64 letters, digits, underscores or hyphens`,
        ),
      })
      aheadMs += 1_000
      for (const at of [0, 7, BROKEN - 1, BROKEN + 1, count - 1])
        expect(await asked(key(at), tenantOf(at))).toBe(GOOD)
      expect(await asked(key(0), tenantOf(1))).toBe(FOREIGN)
      expect(await asked(key(BROKEN), tenantOf(BROKEN))).toBe(UNKNOWN)
    }, 120_000)

    it('have the broken one named by the log and by the list, by the same name', async () => {
      const pk = `key#${sha256(key(BROKEN))}`
      await world.dynamoDb.put(CALLERS_TABLE, [
        { pk, entries: `{"callers":[{"callerId":"shop-${BROKEN}"}]}` },
      ])
      aheadMs += 1_000
      expect(await asked(key(BROKEN), tenantOf(BROKEN))).toBe(UNKNOWN)
      const line = world.lines.find(({ code }) => code === 'CALLERS_ENTRY_LEFT_OUT')
      expect(line).toMatchObject({
        level: 'ERROR',
        field: `${pk.slice(0, 16)}.callers.0.keys`,
        expected: 'expected a list of keys',
        CallersLeftOut: 1,
      })
      const { code, said } = await operated('callers', 'list')
      expect(code).toBe(0)
      expect(said).toContain(`${pk.slice(0, 16)}.callers.0.keys: expected a list of keys`)
      expect(said.match(/^shop-\d+ /gm)).toHaveLength(count - 1)
      expect((await operated('callers', 'revoke', pk.slice(0, 16))).code).toBe(0)
      writeFileSync(file, JSON.stringify({ callers: [entry(key(BROKEN), BROKEN)] }))
      expect((await operated('callers', 'put', file)).code).toBe(0)
      aheadMs += 1_000
      expect(await asked(key(BROKEN), tenantOf(BROKEN))).toBe(GOOD)
    })

    it('are each revoked within a second, and no other one', async () => {
      expect(await asked(key(5), tenantOf(5))).toBe(GOOD)
      expect(await operated('callers', 'revoke', 'shop-5')).toEqual({
        code: 0,
        said: expect.stringContaining('Taken out of the callers table: "shop-5". It ends within a second.'),
      })
      expect(await asked(key(5), tenantOf(5))).toBe(GOOD)
      aheadMs += 500
      expect(await asked(key(5), tenantOf(5))).toBe(UNKNOWN)
      expect(await asked(key(6), tenantOf(6))).toBe(GOOD)
      expect(await operated('callers', 'revoke', 'shop-5')).toEqual({
        code: 1,
        said: expect.stringContaining('No caller is called "shop-5". Nothing was done.'),
      })
    })

    it('are refused with 503 while the table cannot be asked, and nobody is let in by an old answer', async () => {
      expect(await asked(key(8), tenantOf(8))).toBe(GOOD)
      world.dynamoDb.fail({ kind: 'error', action: 'GetItem' })
      aheadMs += 500
      for (const one of [key(8), newCallerKey()])
        expect(await asked(one, tenantOf(8))).toBe('503 CALLERS_UNAVAILABLE')
      world.dynamoDb.clearFaults()
      aheadMs += 500
      expect(await asked(key(8), tenantOf(8))).toBe(GOOD)
    })

    it('cost one read in half a second each, known or unknown', async () => {
      aheadMs += 1_000
      world.dynamoDb.resetCalls()
      for (let n = 0; n < 5; n++) expect(await asked(key(9), tenantOf(9))).toBe(GOOD)
      expect(world.dynamoDb.calls('GetItem')).toBe(1)
      const unknown = newCallerKey()
      for (let n = 0; n < 5; n++) expect(await asked(unknown, tenantOf(9))).toBe(UNKNOWN)
      expect(world.dynamoDb.calls('GetItem')).toBe(2)
    })
  })

  describe(`npm run caller-key -- --stage: one caller of ${counted(count)} tenants`, () => {
    const tenants = Array.from({ length: count }, (_, at) => tenantOf(at))

    it('takes them from a file, and acts for these alone', async () => {
      const file = join(folder, 'tenants.txt')
      writeFileSync(file, tenants.join('\n'))
      const { code, said } = await operated(
        'caller-key',
        'all',
        '--tenants',
        file,
        '--scope',
        'agent-token:issue',
      )
      expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('counts within a second') })
      aheadMs += 500
      for (const at of [0, count - 1]) expect(await asked(keyIn(said), tenantOf(at))).toBe(GOOD)
      expect(await asked(keyIn(said), tenantOf(count))).toBe(FOREIGN)
      expect((await operated('caller-key', 'all', tenantOf(1))).said).toContain('has a caller "all" already')
    })

    it('takes a prefix instead, which holds for tenants that are made later', async () => {
      const args = ['--tenant-prefix', 'acme-', '--scope', 'agent-token:issue']
      const { said } = await operated('caller-key', 'by-prefix', ...args)
      aheadMs += 500
      for (const tenant of ['acme-1', 'acme-shop_2']) expect(await asked(keyIn(said), tenant)).toBe(GOOD)
      for (const tenant of ['acme', 'acme2', 'acme2-1'])
        expect(await asked(keyIn(said), tenant)).toBe(FOREIGN)
    })

    it('refuses more tenants than an item takes, and says how to go on', async () => {
      const file = join(folder, 'too-many.txt')
      writeFileSync(file, Array.from({ length: 30_000 }, (_, at) => tenantOf(at)).join('\n'))
      expect(await operated('caller-key', 'too-many', '--tenants', file)).toEqual({
        code: 1,
        said: expect.stringMatching(
          /^"too-many" would have 4\d\d,\d{3} bytes of 409,000\. Nothing was written\. Grant it prefixes of tenants \(--tenant-prefix\), or spread the tenants over several callers\.$/,
        ),
      })
      expect((await operated('callers', 'list')).said).not.toContain('too-many')
    })
  })
}
