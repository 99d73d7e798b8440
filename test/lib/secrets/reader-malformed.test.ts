import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import type { LogFields, LogLevel } from '../../../lib/log.ts'
import { SECRET_LIMITS } from '../../../lib/secrets/freshness.ts'
import { type SecretReader, secretReader } from '../../../lib/secrets/reader.ts'
import type { SecretVersion } from '../../../lib/secrets/source.ts'

const PREFIX = 'reader'
const SAMPLE = { name: 'sample', schema: z.strictObject({ colour: z.string('expected a colour') }) }
const NAME = `${PREFIX}/${SAMPLE.name}`
const deadline = { remainingMs: () => 8_000 }

let at: number
let version: SecretVersion
let lines: (LogFields & { level: LogLevel })[]
let reader: SecretReader

beforeEach(() => {
  at = 1_000_000
  lines = []
  put({ colour: 'red' })
  reader = secretReader({
    source: { read: async () => version },
    prefix: PREFIX,
    now: () => new Date(at * 1000),
    random: () => 0,
    log: (level, fields) => lines.push({ level, ...fields }),
  })
})

/** Text as it stands, everything else as JSON. */
const put = (value: unknown): void => {
  version = { versionId: randomUUID(), value: typeof value === 'string' ? value : JSON.stringify(value) }
}
const colour = async (force = false) => (await reader.read(SAMPLE, { deadline, force })).value.colour
const failing = () => colour().catch((error: unknown) => error)

describe('lib/secrets/reader: a malformed secret', () => {
  it.each([
    ['another shape', { colour: 7 }, 'colour', 'expected a colour'],
    [
      'an unknown member',
      { colour: 'red', size: 1 },
      '(whole)',
      'expected no members but the documented ones',
    ],
    ['no JSON', 'red', '(whole)', 'expected JSON'],
  ])(
    'is named with its field and what was expected, never its value: %s',
    async (_, value, field, expected) => {
      put(value)
      expect(await failing()).toMatchObject({
        code: 'SECRET_MALFORMED',
        message: `secret ${NAME}: ${field}: ${expected}`,
        detail: { secret: NAME, field, expected },
      })
    },
  )

  it('is not one for a byte order mark or blanks around its JSON', async () => {
    put('\ufeff\r\n {"colour":"blue"}\u00a0\n')
    expect(await colour()).toBe('blue')
  })

  it('does not replace a good value while that is fresh', async () => {
    await colour()
    put({ colour: 7 })
    at += 100
    expect(await colour(true)).toBe('red')
    expect(lines).toEqual([
      {
        level: 'WARN',
        code: 'SECRET_MALFORMED',
        secret: NAME,
        secretVersion: expect.stringMatching(/^[0-9a-f-]{36}$/),
        field: 'colour',
        expected: 'expected a colour',
        reason: 'Malformed',
      },
    ])
    at += 199
    expect(await colour()).toBe('red')
  })

  it('is an error once the good value is too old', async () => {
    await colour()
    put({ colour: 7 })
    at += 300
    expect(await failing()).toMatchObject({ code: 'SECRET_MALFORMED' })
    put({ colour: 'green' })
    at += SECRET_LIMITS.retrySeconds
    expect(await colour()).toBe('green')
  })

  it('is no reason to use a good value for a second longer than its age', async () => {
    await colour()
    put({ colour: 7 })
    at += 299
    expect(await colour(true)).toBe('red')
    at += 1
    expect(await failing()).toMatchObject({ code: 'SECRET_MALFORMED' })
  })
})
