import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SCOPES } from '../../../lib/schemas/callers.ts'
import { awsSecretSource } from '../../../lib/secrets/aws.ts'
import { newCaller } from '../../../tools/operator/caller-key/new-caller.ts'
import { callerKeyCommandAt } from '../../../tools/operator/caller-key.ts'
import { openCallers } from '../../../tools/operator/callers/stage.ts'
import { operate } from '../../../tools/operator/operator.ts'
import { secret } from '../../support/canary.ts'
import { PREFIX, STAGE, sha256, startWorld, type World } from '../../support/world.ts'

const DAY_SECONDS = 24 * 3600
const now = (): number => Math.floor(Date.now() / 1000)
const KEY = /^ctb_[A-Za-z0-9_-]{43}$/m

describe('tools/operator/caller-key', () => {
  it('makes a key of 256 bits and an entry with its hash alone', () => {
    const { key, caller } = newCaller({ callerId: 'shop', tenants: ['202007159031'] }, new Date(0))
    secret('caller key', key)
    expect(key).toMatch(/^ctb_[A-Za-z0-9_-]{43}$/)
    expect(caller).toEqual({
      callerId: 'shop',
      keys: [{ sha256: sha256(key), expiresAt: 31_536_000 }],
      tenants: ['202007159031'],
      scopes: ['enterprise-token:issue'],
    })
  })

  it('says what is expected of a name that is none', () => {
    expect(() => newCaller({ callerId: 'a b', tenants: [] }, new Date())).toThrow(
      '<callerId>: expected 1 to 64 letters, digits, dots, underscores or hyphens; <tenantSpaceId>: expected at least one tenant',
    )
  })

  it.each(['enterprise-token:isue', 'users:write ', 'Users:write', ''])(
    'refuses the scope %j, and says which there are',
    (scope) => {
      const made = (...scopes: readonly string[]) =>
        newCaller({ callerId: 'shop', tenants: ['T-1'], scopes }, new Date())
      expect(() => made('chat:relay', scope)).toThrow(`--scope: expected one of ${SCOPES.join(', ')}`)
      // The twin
      expect(made(...SCOPES).caller.scopes).toEqual(SCOPES)
    },
  )
})

describe('tools/operator/caller-key at a stage', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    const stage = openCallers({ stage: STAGE, region: undefined })
    for (const pk of (await stage.items()).keys()) await stage.deleteItem(pk)
    stage.close()
  })

  const run = async (...args: string[]) => {
    const said: string[] = []
    const complaints: string[] = []
    const code = await operate(['caller-key', ...args, '--stage', STAGE], {
      say: (line) => said.push(line),
      complain: (line) => complaints.push(line),
    })
    const key = KEY.exec(said.join('\n'))?.[0] ?? ''
    if (key !== '') secret('caller key', key)
    return { code, said: said.join('\n'), complained: complaints.join('\n'), key }
  }
  const listed = (callerId: string, ...days: readonly number[]) => ({
    callerId,
    keys: days.map((left, at) => ({
      sha256: sha256(`${callerId} ${at}`),
      expiresAt: now() + left * DAY_SECONDS,
    })),
    tenants: ['T-1'],
    scopes: ['chat:relay'],
  })
  const put = (...callers: readonly object[]) =>
    world.secretsManager.put(`${PREFIX}/callers`, { callers, issuers: [] })
  const held = async () =>
    JSON.parse((await awsSecretSource().read(`${PREFIX}/callers`, 'AWSCURRENT')).value).callers

  it('makes a key that is good for so many days', async () => {
    put()
    const { code, key } = await run('shop', 'T-1', '--days', '30', '--scope', 'chat:relay')
    expect(code).toBe(0)
    const [{ keys, scopes }] = await held()
    expect(keys).toEqual([{ sha256: sha256(key), expiresAt: expect.any(Number) }])
    expect(Math.round((keys[0].expiresAt - now()) / DAY_SECONDS)).toBe(30)
    expect(scopes).toEqual(['chat:relay'])
  })

  it('asks a person who says nothing more for tenants, scopes and end', async () => {
    put()
    const terminal = { input: new PassThrough(), output: new PassThrough() }
    terminal.input.end('shop\nT-1 T-2\nacme-\nchat:relay, chat-token:issue\n10\n')
    const said: string[] = []
    await callerKeyCommandAt(terminal).run(['--stage', STAGE], (line) => said.push(line))
    secret('caller key', KEY.exec(said.join('\n'))?.[0] ?? '')
    const [entry] = await held()
    expect(entry).toMatchObject({
      ...{ callerId: 'shop', tenants: ['T-1', 'T-2'], tenantPrefixes: ['acme-'] },
      scopes: ['chat:relay', 'chat-token:issue'],
    })
  })

  it.each(['secret', 'table'])(
    'rolls a key over in the %s: both are good, and the rest of the entry stays',
    async (where) => {
      put(listed('shop', 20), listed('other', 90))
      if (where === 'table')
        await operate(['callers', 'move', '--stage', STAGE], {
          say: () => undefined,
          complain: () => undefined,
        })
      const { code, said, key: secondKey } = await run('--roll', 'shop')
      expect(code).toBe(0)
      expect(said).toMatch(
        /a new key of "shop", good until \d{4}-\d\d-\d\d\. The key before it, key#[0-9a-f]{12}, is good until \d{4}-/,
      )
      const shown = await run('--ending', '3650', '--json')
      const ends = JSON.parse(shown.said) as { callerId: string; daysLeft: number }[]
      expect(ends.map(({ callerId }) => callerId)).toEqual(['other', 'shop'])
      // a third one has no room
      const third = await run('--roll', 'shop')
      expect(third.code).toBe(1)
      const [, older = '', newer = ''] =
        /^"shop" has two keys already: (key#\w+) until \S+ and (key#\w+) until /.exec(third.complained) ?? []
      expect([older, newer].sort()).toContain(`key#${sha256(secondKey).slice(0, 12)}`)
      const wrong = await run('--roll', 'shop', '--drop', 'key#000000000000')
      expect(wrong.complained).toMatch(
        /^"shop" has no key key#0{12} that is good. Nothing was done. It has: key#/,
      )
      const first = [older, newer].find((name) => name !== `key#${sha256(secondKey).slice(0, 12)}`) ?? ''
      // The one that ends later may be the one that is no longer used.
      expect((await run('--roll', 'shop', '--drop', first)).said).toContain(`Taken out: ${first}.`)
      if (where === 'secret') {
        const [{ keys, ...rest }] = await held()
        expect(rest).toEqual({ callerId: 'shop', tenants: ['T-1'], scopes: ['chat:relay'] })
        expect(keys.map((one: { sha256: string }) => one.sha256)).toContain(sha256(secondKey))
        expect(keys).toHaveLength(2)
      }
    },
  )

  it('makes room of a key that has ended', async () => {
    put(listed('shop', -1, 20))
    expect((await run('--roll', 'shop')).code).toBe(0)
    expect((await held())[0].keys).toHaveLength(2)
  })

  it('says of a caller that is not there', async () => {
    put(listed('shop', 20))
    expect(await run('--roll', 'shops')).toMatchObject({
      code: 1,
      complained: `The stage has no caller "shops" with a key. Nothing was done. See: npm run callers -- list --stage ${STAGE}`,
    })
  })

  it('lists the callers whose last key ends soon, and ends with 1 where there is one', async () => {
    put(listed('ended', -3), listed('soon', 5), listed('rolled', 5, 300), listed('late', 300))
    const { code, said, complained } = await run('--ending', '30')
    expect({ code, complained }).toEqual({ code: 1, complained: '2 callers need a new key.' })
    expect(said).toMatch(/^ended +\S+ +has ended\nsoon +\S+ +\d days$/m)
    expect(said).not.toMatch(/^(rolled|late)/m)
    // The twin
    put(listed('late', 300))
    expect(await run('--ending', '30')).toMatchObject({
      code: 0,
      said: "No caller's last key ends within 30 days.",
    })
  })

  it('tells scripts the key as JSON', async () => {
    put()
    const { said } = await run('shop', 'T-1', '--json')
    const { key } = JSON.parse(said)
    secret('caller key', key)
    expect(JSON.parse(said)).toEqual({ key: expect.stringMatching(KEY), callerId: 'shop', stage: STAGE })
  })

  it.each([
    [['shop', 'T-1', '--days', '0'], '--days: expected a whole number from 1 to 3650.'],
    [['--ending', 'soon'], '--ending: expected a whole number from 1 to 3650.'],
    [['shop', 'T-1', '--scope', 'enterprise-token:isue'], `--scope: expected one of ${SCOPES.join(', ')}`],
    [['shop', '--roll', 'shop'], '"shop" is not understood.'],
    [['--roll', 'shop', '--scope', 'chat:relay'], '--scope does not go with --roll.'],
    [['--ending', '30', '--days', '20'], '--days does not go with --ending.'],
    [['shop', 'T-1', '--drop', 'key#000000000000'], '--drop goes with --roll.'],
  ])('ends with 2 and one sentence for %j', async (args, sentence) => {
    const { code, complained } = await run(...args)
    expect(code).toBe(2)
    expect(complained.split('\n')[0]).toBe(sentence)
  })
})
