import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { issuerItemKey, keyItemKey, shownKey } from '../../../lib/callers/items.ts'
import { awsSecretSource } from '../../../lib/secrets/aws.ts'
import { openCallers } from '../../../tools/operator/callers/stage.ts'
import { operate } from '../../../tools/operator/operator.ts'
import { secret } from '../../support/canary.ts'
import { CALLERS_TABLE, newCallerKey, PREFIX, sha256, startWorld, type World } from '../../support/world.ts'

const SECRET = `${PREFIX}/callers`
const ENDS_AT = 1_900_000_000
const folder = mkdtempSync(join(tmpdir(), 'callers-'))
const file = join(folder, 'callers.json')
const [A, B, C] = [newCallerKey(), newCallerKey(), newCallerKey()].map(sha256) as [string, string, string]
const caller = (callerId: string, ...hashes: string[]) => ({
  callerId,
  keys: hashes.map((hash) => ({ sha256: hash, expiresAt: ENDS_AT })),
  tenants: ['T-1'],
  scopes: ['chat:relay'],
})
const ISSUER = 'https://idp.example.com'
const users = { callerId: 'staff', kind: 'user', issuer: ISSUER, audience: 'ours', tenant: 'T-1', scopes: [] }
const jobs = { ...users, callerId: 'jobs', kind: 'back-end', audience: 'jobs', subjects: ['job-1'] }

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await world.close()
})
beforeEach(async () => {
  const stage = openCallers({ stage: 'test', region: undefined })
  for (const pk of (await stage.items()).keys()) await stage.deleteItem(pk)
  stage.close()
})

const put = (lists: object) => world.secretsManager.put(SECRET, { callers: [], issuers: [], ...lists })
const held = async () => JSON.parse((await awsSecretSource().read(SECRET, 'AWSCURRENT')).value) as object
const items = async () => {
  const stage = openCallers({ stage: 'test', region: undefined })
  const found = [...(await stage.items())].map(([pk, text]) => [pk, JSON.parse(text)] as const)
  stage.close()
  return Object.fromEntries(found)
}
const run = async (...args: string[]) => {
  const said: string[] = []
  const say = (line: string) => said.push(line)
  const code = await operate(['callers', ...args, '--stage', 'test'], { say, complain: say })
  return { code, said: said.slice(1).join('\n') }
}
const ofFile = (lists: object | string) =>
  writeFileSync(file, typeof lists === 'string' ? lists : JSON.stringify(lists))
const ofKey = (entry: object) => ({ callers: [entry], issuers: [] })
const ofIssuer = (...issuers: object[]) => ({ callers: [], issuers })

describe('npm run callers -- move', () => {
  it('writes an item for each key and each issuer, and then has the functions ask there', async () => {
    put({ callers: [caller('shop', A, B)], issuers: [users, jobs] })
    expect(await run('move')).toEqual({
      code: 0,
      said:
        'Moved: 1 caller and 2 entries of issuers.\n' +
        'The functions ask the table within 330 s. Until then they go on with what they hold of the secret: an entry that you revoke before that ends with it.',
    })
    expect(await items()).toEqual({
      [keyItemKey(A)]: ofKey(caller('shop', A)),
      [keyItemKey(B)]: ofKey(caller('shop', B)),
      [issuerItemKey(ISSUER)]: ofIssuer(users, jobs),
    })
    expect(await held()).toEqual({ callers: [], issuers: [], table: true })
  })

  it('can be repeated, also where it broke off before the secret was written, and moves what came since', async () => {
    const before = { callers: [caller('shop', A)] }
    put(before)
    await run('move')
    put(before)
    expect((await run('move')).code).toBe(0)
    expect((await run('move')).said).toContain('Moved: 0 callers and 0 entries of issuers.')
    put({ callers: [caller('app', B)], table: true })
    expect((await run('move')).said).toContain('Moved: 1 caller ')
    expect(Object.keys(await items()).toSorted()).toEqual([A, B].map(keyItemKey).toSorted())
    expect(await held()).toEqual({ callers: [], issuers: [], table: true })
  })

  it('leaves a wrong entry where it is and names it, and moves the others', async () => {
    const wrong = { ...caller('app', B), tenants: [] }
    put({ callers: [wrong, caller('shop', A)] })
    expect(await run('move')).toEqual({
      code: 1,
      said: expect.stringMatching(
        /^Moved: 1 caller and .*\n.*\n1 entry stays in the secret, where no function takes it:\n {2}callers\.0\.tenants: expected at least one tenant$/,
      ),
    })
    expect(await held()).toEqual({ callers: [wrong], issuers: [], table: true })
    expect(Object.keys(await items())).toEqual([keyItemKey(A)])
  })

  it('does not bring back an item that nobody asks and the secret does not list, unless told to', async () => {
    const stray = keyItemKey(C)
    await world.dynamoDb.put(CALLERS_TABLE, [
      { pk: stray, entries: JSON.stringify(ofKey(caller('gone', C))) },
    ])
    put({ callers: [caller('shop', A)] })
    const { code, said } = await run('move')
    expect({ code, said }).toEqual({
      code: 1,
      said: expect.stringContaining(
        `The table holds 1 item that the secret does not list: ${shownKey(stray)}.`,
      ),
    })
    expect(await held()).toEqual({ callers: [caller('shop', A)], issuers: [] })
    expect((await run('revoke', 'gone')).code).toBe(0)
    expect((await run('move')).code).toBe(0)
    await world.dynamoDb.put(CALLERS_TABLE, [
      { pk: stray, entries: JSON.stringify(ofKey(caller('gone', C))) },
    ])
    put({ callers: [caller('shop', A)] })
    expect((await run('move', '--keep')).code).toBe(0)
    expect(await items()).toHaveProperty([stray])
  })
})

describe('npm run callers -- put', () => {
  beforeEach(() => put({ table: true }))

  it('writes over a key that is there, and puts an issuer’s entries beside its others', async () => {
    ofFile({ callers: [caller('shop', A)], issuers: [users] })
    expect(await run('put', file)).toEqual({
      code: 0,
      said: 'Put: 1 caller and 1 entry of issuers, 2 items. They count within a second.',
    })
    const changed = { ...caller('shop', A), tenants: ['T-2'] }
    ofFile({ callers: [changed], issuers: [jobs] })
    expect((await run('put', file)).code).toBe(0)
    ofFile({ issuers: [{ ...users, tenant: 'T-2' }] })
    expect((await run('put', file)).code).toBe(0)
    expect(await items()).toEqual({
      [keyItemKey(A)]: ofKey(changed),
      [issuerItemKey(ISSUER)]: ofIssuer(jobs, { ...users, tenant: 'T-2' }),
    })
  })

  it('gives a caller a second key beside its first, until that one is revoked by its name', async () => {
    for (const hash of [A, B]) {
      ofFile({ callers: [caller('shop', hash)] })
      expect((await run('put', file)).code).toBe(0)
    }
    expect(Object.keys(await items()).toSorted()).toEqual([A, B].map(keyItemKey).toSorted())
    expect((await run('revoke', shownKey(keyItemKey(A)))).code).toBe(0)
    expect(await items()).toEqual({ [keyItemKey(B)]: ofKey(caller('shop', B)) })
  })

  it('refuses an entry that contradicts one that the issuer has in the table, and writes nothing', async () => {
    ofFile({ issuers: [users] })
    await run('put', file)
    const before = await items()
    ofFile({ callers: [caller('shop', A)], issuers: [{ ...jobs, jwksUri: 'https://keys.example.com/' }] })
    expect(await run('put', file)).toEqual({
      code: 1,
      said: 'Beside the entries that the table has of this issuer: issuers.1.jwksUri: expected the same jwksUri in every entry of an issuer. Nothing was written.',
    })
    expect(await items()).toEqual(before)
    ofFile({ issuers: [jobs] })
    expect((await run('put', file)).code).toBe(0)
  })

  it.each([
    ['is no JSON', '{'],
    ['has a wrong entry', JSON.stringify(ofIssuer(jobs, { ...users, tenant: '*' }))],
  ])('does not write over an issuer’s item that %s', async (_, entries) => {
    const pk = issuerItemKey(ISSUER)
    await world.dynamoDb.put(CALLERS_TABLE, [{ pk, entries }])
    ofFile({ issuers: [users] })
    expect(await run('put', file)).toEqual({
      code: 1,
      said: `The table's item ${shownKey(pk)} of this issuer has an entry that no function takes. Nothing was written. Take the item out, and put all its entries again: npm run callers -- revoke ${shownKey(pk)} --stage test`,
    })
    expect((await run('revoke', shownKey(pk))).code).toBe(0)
    expect((await run('put', file)).code).toBe(0)
    expect(await items()).toEqual({ [pk]: ofIssuer(users) })
  })

  it.each([
    ['{"callers":[', `${file}: expected JSON.`],
    ['[]', `${file}: (whole): expected a JSON object.`],
    ['{"clients":[]}', `${file}: (whole): expected no members but callers, issuers, table.`],
    ['{"callers":{}}', `${file}: callers: expected a list of callers.`],
  ])('refuses %s as a file', async (text, sentence) => {
    ofFile(text)
    expect(await run('put', file)).toEqual({ code: 1, said: sentence })
    ofFile('{"callers":[]}')
    expect((await run('put', file)).code).toBe(0)
  })

  it('names a file that is not there', async () => {
    expect(await run('put', 'no-such-file')).toEqual({
      code: 1,
      said: 'no-such-file: cannot be read (ENOENT).',
    })
  })
})

describe('npm run callers -- list', () => {
  it('shows who is listed where, and what no function takes', async () => {
    put({ callers: [{ ...caller('shop', A), tenants: ['T-1', 'T-2', 'T-3', 'T-4'] }, 7], table: true })
    ofFile({ callers: [{ ...caller('app', B), tenantPrefixes: ['acme-'] }], issuers: [users] })
    await run('put', file)
    await world.dynamoDb.put(CALLERS_TABLE, [
      { pk: keyItemKey(C), entries: JSON.stringify(ofKey(caller('lost', A))) },
    ])
    const { said } = await run('list')
    const lines = said.split('\n').map((line) => line.replace(/ +/g, ' '))
    const ends = new Date(ENDS_AT * 1000).toISOString()
    expect(lines[0]).toBe('callerId kind listed in tenants ends')
    expect(lines.slice(1, 4).toSorted()).toEqual([
      `app caller ${shownKey(keyItemKey(B))} T-1, acme-… ${ends}`,
      `shop caller secret 4 tenants ${ends}`,
      `staff user ${shownKey(issuerItemKey(ISSUER))} T-1`,
    ])
    expect(lines.slice(4)).toEqual([
      '',
      'The functions ask the secret, and the callers table for whoever is not listed there.',
      '',
      'Entries that no function takes:',
      ' secret.callers.1: expected a JSON object',
      ` ${shownKey(keyItemKey(C))}: expected an entry of this key or issuer`,
    ])
  })

  it('says of a small stage how it can grow', async () => {
    put({})
    expect((await run('list')).said).toBe(
      'No callers.\n\nThe functions ask the secret alone. For more callers: npm run callers -- move --stage test',
    )
  })
})

describe('npm run callers -- revoke', () => {
  it('takes a caller out with all its keys, wherever they are listed, and no other', async () => {
    put({ callers: [caller('shop', A), caller('other', C)], table: true })
    ofFile({ callers: [caller('shop', B)] })
    await run('put', file)
    expect(await run('revoke', 'shop')).toEqual({
      code: 0,
      said:
        'Taken out of the callers table: "shop". It ends within a second.\n' +
        'Taken out of the secret "callers": "shop". It ends within 330 s, when every function has read the secret again.',
    })
    expect(await items()).toEqual({})
    expect(await held()).toEqual({ callers: [caller('other', C)], issuers: [], table: true })
  })

  it('takes one entry of an issuer out, and the item with the last one', async () => {
    put({ issuers: [], table: true })
    ofFile({ issuers: [users, jobs] })
    await run('put', file)
    await run('revoke', 'staff')
    expect(await items()).toEqual({ [issuerItemKey(ISSUER)]: ofIssuer(jobs) })
    await run('revoke', 'jobs')
    expect(await items()).toEqual({})
  })
})

describe('tools/operator/callers/stage', () => {
  it('does not write over a secret that somebody else has written meanwhile', async () => {
    put({})
    const stage = openCallers({ stage: 'test', region: undefined })
    const old = await stage.readSecret()
    put({ callers: [caller('shop', A)] })
    await expect(stage.replaceSecret({ ...old.lists, table: true }, old)).rejects.toThrow(
      'Somebody else has written the secret "callers" meanwhile. Nothing was changed there: run the command again.',
    )
    expect(await held()).toEqual({ callers: [caller('shop', A)], issuers: [] })
    const now = await stage.readSecret()
    await stage.replaceSecret({ ...now.lists, table: true }, now)
    expect(await held()).toEqual({ callers: [caller('shop', A)], issuers: [], table: true })
    stage.close()
  })
})

describe('a stage that was just deployed, whose secret has no value', () => {
  /** As CloudFormation makes it. */
  const unset = async () => {
    const client = new SecretsManagerClient()
    await client.send(new DeleteSecretCommand({ SecretId: SECRET, ForceDeleteWithoutRecovery: true }))
    await client.send(new CreateSecretCommand({ Name: SECRET }))
    client.destroy()
  }
  beforeEach(unset)
  afterAll(() => put({}))

  it('has no callers', async () => {
    expect(await run('list')).toEqual({ code: 0, said: expect.stringMatching(/^No callers\.\n/) })
  })

  it('moves into the table', async () => {
    expect(await run('move')).toMatchObject({ code: 0 })
    expect(await held()).toEqual({ callers: [], issuers: [], table: true })
  })

  it('takes its first caller with "caller-key", and a second one', async () => {
    for (const callerId of ['shop', 'app']) {
      const said: string[] = []
      const say = (line: string) => said.push(line)
      const code = await operate(['caller-key', callerId, 'T-1', '--stage', 'test'], { say, complain: say })
      expect([code, said.at(-1)]).toEqual([
        0,
        expect.stringContaining(`"${callerId}". It is in the secret "callers"`),
      ])
      secret('caller key', /ctb_[\w-]{43}/.exec(said.join())?.[0] ?? '')
    }
    expect(await held()).toMatchObject({ callers: [{ callerId: 'shop' }, { callerId: 'app' }] })
  })

  it('does not write over what somebody else has written first', async () => {
    const stage = openCallers({ stage: 'test', region: undefined })
    const old = await stage.readSecret()
    put({ callers: [caller('shop', A)] })
    await expect(stage.replaceSecret(old.lists, old)).rejects.toThrow('Somebody else has written the secret')
    expect(await held()).toEqual({ callers: [caller('shop', A)], issuers: [] })
    stage.close()
  })

  it('is no stage where the secret is not even there', async () => {
    const client = new SecretsManagerClient()
    await client.send(new DeleteSecretCommand({ SecretId: SECRET, ForceDeleteWithoutRecovery: true }))
    client.destroy()
    expect(await run('list')).toMatchObject({
      code: 1,
      said: expect.stringContaining('There is no stage "test"'),
    })
  })
})
