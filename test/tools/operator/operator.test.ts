import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COMMANDS, operate } from '../../../tools/operator/operator.ts'
import { secret } from '../../support/canary.ts'

const operated = async (...args: string[]) => {
  const said: string[] = []
  const complaints: string[] = []
  const code = await operate(args, {
    say: (line) => said.push(line),
    complain: (line) => complaints.push(line),
  })
  return { code, said: said.join('\n'), complained: complaints.join('\n') }
}
const NAMES = Object.keys(COMMANDS)
const KEY = /^ctb_[A-Za-z0-9_-]{43}$/m

describe('tools/operator/operator: operate', () => {
  it('lists every command with --help', async () => {
    const { code, said, complained } = await operated('--help')
    expect({ code, complained }).toEqual({ code: 0, complained: '' })
    for (const name of NAMES) expect(said).toContain(`\n  ${name} `)
  })

  it.each(NAMES)('shows how %s is used with --help, wherever it stands, and does nothing', async (name) => {
    const first = await operated(name, '--help')
    expect(first).toMatchObject({ code: 0, complained: '' })
    expect(first.said).toMatch(new RegExp(`^Use: npm run ${name} -- .*\n\n`))
    expect(await operated(name, '--stage', 'prod', '-h')).toEqual(first)
  })

  it.each(NAMES)('has an npm script for %s that calls it', async (name) => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(scripts[name]).toBe(`node tools/start/launch.mjs tools/operator/operator.ts ${name}`)
  })

  it.each([
    [
      [],
      'Name a command: adopt, caller-key, callers, cert, doctor, restore, rotate, tenant, tokens, user, user-id.',
    ],
    [
      ['rotat'],
      '"rotat" is no command: expected one of adopt, caller-key, callers, cert, doctor, restore, rotate, tenant, tokens, user, user-id.',
    ],
    [
      ['constructor'],
      '"constructor" is no command: expected one of adopt, caller-key, callers, cert, doctor, restore, rotate, tenant, tokens, user, user-id.',
    ],
  ])('ends with 2 and one sentence for %j', async (args, sentence) => {
    expect(await operated(...args)).toEqual({
      code: 2,
      said: '',
      complained: `${sentence}\nUse: npm run operator -- <command> [--help]`,
    })
  })

  it.each([
    ['caller-key', ['shop'], '<tenantSpaceId>: expected at least one tenant'],
    ['caller-key', ['shop', 'T-1', '--region', 'eu-west-1'], '--region goes with --stage.'],
    ['caller-key', ['shop', 'T-1', '--scopes'], '"--scopes" is not understood.'],
    ['caller-key', ['shop', 'T-1', '--scope'], '--scope needs a value.'],
    [
      'caller-key',
      ['shop', '--tenant-prefix', 'acme'],
      '--tenant-prefix: expected 2 to 64 letters, digits, underscores or hyphens, with an underscore or hyphen at the end',
    ],
    ['caller-key', ['shop', '--tenants', 'no-such-file'], '--tenants: no-such-file cannot be read (ENOENT).'],
    ['callers', [], 'Say what to do: expected one of list, move, put, revoke.'],
    ['callers', ['toString'], 'Say what to do: expected one of list, move, put, revoke.'],
    ['callers', ['move', 'all'], 'move: expected nothing behind it.'],
    ['callers', ['revoke'], 'revoke: expected a callerId behind it.'],
    ['callers', ['list', '--stage', 'a b'], '--stage: expected letters, digits and hyphens.'],
    ['rotate', ['--force'], '"--force" is not understood.'],
    ['rotate', ['--region', 'eu-west1'], '--region: expected a region of AWS, such as eu-west-1.'],
    [
      'tokens',
      ['--unblock', 'oiap'],
      '--unblock: expected a system and a tenant, as this command shows them.',
    ],
  ])('ends with 2 and one sentence for %s %j', async (name, args, sentence) => {
    const { code, said, complained } = await operated(name, ...args)
    expect({ code, said }).toEqual({ code: 2, said: '' })
    expect(complained.split('\n')).toEqual([sentence, expect.stringMatching(`^Use: npm run ${name} -- `)])
  })

  it('shows where an error comes from when DEBUG is set, and else never', async () => {
    process.env['DEBUG'] = '1'
    const { complained } = await operated('rotat')
    delete process.env['DEBUG']
    expect(complained).toMatch(/^\s+at /m)
    expect((await operated('rotat')).complained).not.toMatch(/^\s+at /m)
  })

  it('ends with 0 for a command line that is understood', async () => {
    const { code, said, complained } = await operated('caller-key', 'shop', 'T-1')
    secret('caller key', KEY.exec(said)?.[0] ?? '')
    expect({ code, complained }).toEqual({ code: 0, complained: '' })
    expect(said).toMatch(KEY)
    expect(said).toContain('"callerId": "shop"')
  })

  it('ends with 1 for a command that fails, and says what to do', async () => {
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = 'http://127.0.0.1:9'
    process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = 'http://127.0.0.1:9'
    expect(await operated('tokens')).toEqual({
      code: 1,
      said: '',
      complained: expect.stringMatching(
        /^ECONNREFUSED: Nothing answers there\. Start a stage with npm start/,
      ),
    })
  })
})
