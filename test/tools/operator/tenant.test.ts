import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awsSecretSource } from '../../../lib/secrets/aws.ts'
import { systemNames } from '../../../lib/vendors/registry.ts'
import { operate } from '../../../tools/operator/operator.ts'
import { MEMBERS } from '../../../tools/operator/tenant/members.ts'
import { tenantCommandAt } from '../../../tools/operator/tenant.ts'
import { expectClean, secret } from '../../support/canary.ts'
import { type SecretSample, secretSamples } from '../../support/secret-samples.ts'
import { PREFIX, STAGE, startWorld, type World } from '../../support/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'tenant-'))
const file = join(folder, 'settings.json')
const KEY = secret('appKey of CEC', randomBytes(20).toString('base64url'))
const PASSWORD = secret('appSecret of CEC', randomBytes(20).toString('base64url'))
const OIAP_PASSWORD = secret('appSecret of OIAP', randomBytes(20).toString('base64url'))
const CEC = {
  tokenUrl: 'https://cec.example.com/token',
  applyTokenUrl: 'https://cec.example.com/applyToken',
  chatUrl: 'https://cec.example.com/chat',
  appKey: KEY,
  appSecret: PASSWORD,
}
const OIAP = { url: 'https://oiap.example.com/getAppCubeToken', appKey: 'tenant-1', appSecret: OIAP_PASSWORD }

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await world.close()
})

const run = async (...args: string[]) => {
  const said: string[] = []
  const complaints: string[] = []
  const code = await operate(['tenant', ...args, '--stage', STAGE], {
    say: (line) => said.push(line),
    complain: (line) => complaints.push(line),
  })
  expectClean('what the command says', ...said, ...complaints)
  return { code, said: said.join('\n'), complained: complaints.join('\n') }
}
const fromFile = (settings: unknown): string => {
  writeFileSync(file, typeof settings === 'string' ? settings : JSON.stringify(settings))
  return file
}
const held = async (tenant: string, system: string) =>
  JSON.parse(
    (await awsSecretSource().read(`${PREFIX}/tenants/${tenant}/${system}`, 'AWSCURRENT')).value,
  ) as object

/** A person at a terminal: types the answers one after the other, and sees what is written there. */
const typed = async (args: readonly string[], answers: readonly string[]) => {
  const terminal = { input: new PassThrough(), output: new PassThrough() }
  terminal.input.end(answers.map((answer) => `${answer}\n`).join(''))
  const said: string[] = []
  const failure = await tenantCommandAt(terminal)
    .run([...args, '--stage', STAGE], (line) => said.push(line))
    .then(
      () => undefined,
      (error: Error) => error.message,
    )
  terminal.output.end()
  const shown = await text(terminal.output)
  expectClean('the terminal', shown, ...said, failure ?? '')
  return { said: said.join('\n'), shown, failure }
}

describe('tools/operator/tenant add', () => {
  it('puts the systems of a file, shows no value, and says how to try them', async () => {
    const { code, said, complained } = await run('add', 'T-1', '--from', fromFile({ cec: CEC, oiap: OIAP }))
    expect({ code, complained }).toEqual({ code: 0, complained: '' })
    expect(said).toContain('Made: cec of T-1.\nMade: oiap of T-1.')
    expect(said).toContain(`npm run doctor -- --tenant T-1 --stage ${STAGE}`)
    expect(await held('T-1', 'cec')).toEqual(CEC)
    expect(await held('T-1', 'oiap')).toEqual(OIAP)
  })

  it('asks a person for each value, hides what is secret, and asks again for what no function takes', async () => {
    const answers = [
      'cec.example.com',
      CEC.tokenUrl,
      CEC.applyTokenUrl,
      CEC.chatUrl,
      KEY,
      `  ${PASSWORD} `,
      '',
      '',
      '',
    ]
    const { said, shown, failure } = await typed(['add', 'T-2'], answers)
    expect(failure).toBeUndefined()
    expect(said).toContain('  tokenUrl: expected ')
    expect(shown).toContain("appSecret (app_secret (SK) of the tenant's application; not shown): ")
    expect(await held('T-2', 'cec')).toEqual(CEC)
  })

  it('writes nothing when the answers end too soon', async () => {
    const { failure } = await typed(['add', 'T-3'], [CEC.tokenUrl])
    expect(failure).toBe('The input has ended before every question was answered. Nothing was written.')
    expect((await run('check', 'T-3')).complained).toContain('T-3 has no settings for any system.')
  })

  it('writes nothing while one value is wrong, and names each member with what was expected', async () => {
    const wrong = {
      cec: { ...CEC, tokenUrl: 'x', appSecrets: PASSWORD },
      oiap: { ...OIAP, appKey: undefined },
    }
    const { code, complained } = await run('add', 'T-4', '--from', fromFile(wrong))
    expect(code).toBe(1)
    expect(complained).toMatch(/^Nothing was written:\n {2}cec: tokenUrl: expected .*\n/)
    expect(complained).toContain('\n  oiap: appKey: expected ')
    expect((await run('check', 'T-4')).code).toBe(1)
    // The twin: the same with the faults mended
    expect((await run('add', 'T-4', '--from', fromFile({ cec: CEC, oiap: OIAP }))).code).toBe(0)
  })

  it.each([OIAP_PASSWORD, ` ${OIAP_PASSWORD}\n`])(
    'refuses the password of one tab of OIAP for both, whatever blanks are around it',
    async (appSecret) => {
      const thirdParty = { ...OIAP, url: 'https://oiap.example.com/gettoken', appSecret }
      const both = (more: object) => fromFile({ oiap: OIAP, 'oiap-third-party': { ...thirdParty, ...more } })
      for (const word of ['add', 'check']) {
        const { code, complained } = await run(word, 'T-5', '--from', both({}))
        expect([code, complained.split('\n')[1]]).toEqual([
          1,
          '  oiap-third-party: appSecret: expected another password than that of oiap',
        ])
      }
      // The twin
      expect((await run('check', 'T-5', '--from', both({ appSecret: PASSWORD }))).code).toBe(0)
    },
  )

  it('leaves what is there alone, unless it is told to replace it', async () => {
    const other = { ...CEC, chatUrl: 'https://cec.example.com/other' }
    const refused = await run('add', 'T-1', '--from', fromFile({ cec: other }))
    expect(refused).toMatchObject({
      code: 1,
      complained: 'T-1 has settings for cec already. Nothing was written. To put new ones, add --replace.',
    })
    expect(await held('T-1', 'cec')).toEqual(CEC)
    expect((await typed(['add', 'T-1'], [])).failure).toContain('already')
    expect((await run('add', 'T-1', '--replace', '--from', fromFile({ cec: other }))).said).toContain(
      'Replaced: cec of T-1.',
    )
    expect(await held('T-1', 'cec')).toEqual(other)
  })

  it.each([
    [['oiap'], { cec: CEC }],
    [['oiap'], { cec: CEC, oiap: OIAP }],
    [['cec', 'oiap'], { oiap: OIAP }],
  ])('refuses --system %j beside a file that has other systems', async (systems, settings) => {
    const named = systems.flatMap((system) => ['--system', system])
    expect(await run('add', 'T-10', '--from', fromFile(settings), ...named)).toMatchObject({
      code: 1,
      complained:
        '--system: expected the systems that the file has, and no others. Nothing was written. With --from, --system may be left out.',
    })
    expect((await run('check', 'T-10')).complained).toContain('T-10 has no settings for any system.')
  })

  it('takes --system that names what the file has', async () => {
    const named = ['--system', 'oiap', '--system', 'cec', '--system', 'cec']
    const { code } = await run('add', 'T-11', '--from', fromFile({ cec: CEC, oiap: OIAP }), ...named)
    expect(code).toBe(0)
  })

  it('refuses --kms-key for settings that are replaced: they keep their key', async () => {
    await run('add', 'T-12', '--from', fromFile({ cec: CEC }))
    const other = { ...CEC, chatUrl: 'https://cec.example.com/other' }
    const key = ['--kms-key', 'alias/tenants']
    const both = fromFile({ cec: other, oiap: OIAP })
    expect(await run('add', 'T-12', '--replace', ...key, '--from', both)).toMatchObject({
      code: 1,
      complained:
        '--kms-key: expected new settings alone: those that are replaced keep their key. T-12 has settings for cec already. Nothing was written. ' +
        'Leave --kms-key out, or change the key itself: aws secretsmanager update-secret --kms-key-id.',
    })
    expect(await held('T-12', 'cec')).toEqual(CEC)
    // The twins
    expect((await run('add', 'T-12', '--replace', ...key, '--from', fromFile({ oiap: OIAP }))).code).toBe(0)
    expect((await run('add', 'T-12', '--replace', '--from', fromFile({ cec: other }))).code).toBe(0)
  })

  it.each([
    ['no JSON', `${file}: expected JSON.`],
    ['[]', 'expected an object with a member for each system'],
    ['{}', 'expected an object with a member for each system'],
    ['{"cec":{},"cec":{}}', 'expected each member once'],
    ['{"sap":{}}', 'expected no systems but cec, oiap, oiap-third-party, live, live-im, live-rtc'],
  ])('refuses the file %s', async (content, sentence) => {
    const { code, complained } = await run('add', 'T-6', '--from', fromFile(content))
    expect(code).toBe(1)
    expect(complained).toContain(sentence)
  })

  it('says of a file that is not there', async () => {
    expect((await run('add', 'T-6', '--from', 'no-such-file')).complained).toBe(
      'no-such-file: cannot be read (ENOENT).',
    )
  })
})

describe('tools/operator/tenant check and list', () => {
  it('takes what is good, and names what is not, as text and as JSON', async () => {
    world.secretsManager.put(`${PREFIX}/tenants/T-7/live-rtc`, { appId: 'a', appKey: 'b' })
    expect(await run('check', 'T-7')).toMatchObject({ code: 0, complained: '' })
    world.secretsManager.put(`${PREFIX}/tenants/T-7/live-rtc`, { appId: 'a' })
    const { code, said, complained } = await run('check', 'T-7', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(said)).toEqual({
      tenantSpaceId: 'T-7',
      systems: ['live-rtc'],
      faults: [expect.stringMatching(/^live-rtc: appKey: expected /)],
    })
    expect(complained).toMatch(/^The functions do not take this:\n {2}live-rtc: appKey: expected /)
  })

  it('checks a file without writing it', async () => {
    expect((await run('check', 'T-8', '--from', fromFile({ cec: CEC }))).code).toBe(0)
    expect((await run('list')).said).not.toContain('T-8')
  })

  it('lists tenants and systems, as text and as JSON', async () => {
    world.secretsManager.put(`${PREFIX}/tenants/T-7/sap`, { appId: 'a' })
    const { said } = await run('list')
    expect(said).toMatch(/^tenant +system +changed$/m)
    expect(said).toMatch(/^T-1 +cec +\d{4}-/m)
    expect(said).toMatch(/^T-7 +sap \(no system of this release\) /m)
    const listed = JSON.parse((await run('list', '--json')).said)
    expect(listed[0]).toEqual({ tenantSpaceId: 'T-1', system: 'cec', changedAt: expect.any(Number) })
  })

  it.each([
    [[], 'Say what to do: expected one of add, check, list.'],
    [['toString'], 'Say what to do: expected one of add, check, list.'],
    [['add'], 'add: expected a tenantSpaceId behind it.'],
    [['list', 'T-1'], 'list: expected nothing behind it.'],
    [['check', 'T-1', '--replace'], '--replace does not go with check.'],
    [['add', 'T-1', '--json'], '--json does not go with add.'],
    [['add', 'a/b'], '<tenantSpaceId>: expected 1 to 64 letters, digits, underscores or hyphens.'],
    [
      ['add', 'T-1', '--system', 'sap'],
      '--system: expected one of cec, oiap, oiap-third-party, live, live-im, live-rtc.',
    ],
  ])('ends with 2 and one sentence for %j', async (args, sentence) => {
    const { code, complained } = await run(...args)
    expect(code).toBe(2)
    expect(complained.split('\n')).toEqual([sentence, expect.stringMatching(/^Use: npm run tenant -- /)])
  })
})

describe('tools/operator/tenant/members', () => {
  it.each(systemNames())(
    'asks for every member that %s must have, and for none that it does not know',
    (system) => {
      const { value, optional } = secretSamples()[system] as SecretSample
      const asked = MEMBERS[system].map(({ name }) => name)
      const known = [...Object.keys(value), 'ca']
      expect(asked.filter((name) => !known.includes(name))).toEqual([])
      const needed = Object.keys(value).filter((name) => !optional.includes(name))
      expect(
        MEMBERS[system]
          .filter(({ isOptional }) => !isOptional)
          .map(({ name }) => name)
          .sort(),
      ).toEqual(needed.sort())
    },
  )
})
