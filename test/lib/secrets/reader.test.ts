import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import type { LogFields, LogLevel } from '../../../lib/log.ts'
import { awsSecretSource } from '../../../lib/secrets/aws.ts'
import { SECRET_LIMITS } from '../../../lib/secrets/freshness.ts'
import { prefetch, type SecretReader, secretReader } from '../../../lib/secrets/reader.ts'
import { startWorld, type World } from '../../support/world.ts'

const PREFIX = 'reader'
const SAMPLE = { name: 'sample', schema: z.strictObject({ colour: z.string('expected a colour') }) }
const NAME = `${PREFIX}/${SAMPLE.name}`
const deadline = { remainingMs: () => 8_000 }

let world: World
let at: number
let random: number
let lines: (LogFields & { level: LogLevel })[]
let reader: SecretReader

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())
beforeEach(() => {
  const { secretsManager } = world
  secretsManager.clearFaults()
  secretsManager.put(NAME, { colour: 'red' })
  secretsManager.resetCalls()
  at = 1_000_000
  random = 0
  lines = []
  reader = secretReader({
    source: awsSecretSource(),
    prefix: PREFIX,
    now: () => new Date(at * 1000),
    random: () => random,
    log: (level, fields) => lines.push({ level, ...fields }),
  })
})

const reads = () => world.secretsManager.calls('GetSecretValue')
const colour = async (force = false) => (await reader.read(SAMPLE, { deadline, force })).value.colour
const failing = () => colour().catch((error: unknown) => error)

const DOWN = {
  kind: 'error',
  status: 503,
  type: 'ServiceUnavailable',
  times: Number.POSITIVE_INFINITY,
} as const

describe('lib/secrets/reader', () => {
  it('reads once within the age, and again after it', async () => {
    expect(await colour()).toBe('red')
    world.secretsManager.put(NAME, { colour: 'blue' })
    at += SECRET_LIMITS.maxAgeSeconds - 1
    expect([await colour(), reads()]).toEqual(['red', 1])
    at += 1
    expect([await colour(), reads()]).toEqual(['blue', 2])
  })

  it('lets jitter shorten the age by at most a tenth, never lengthen it', async () => {
    random = 0.999_999
    await colour()
    at += SECRET_LIMITS.maxAgeSeconds * 0.9 - 1
    await colour()
    expect(reads()).toBe(1)
    at += 2
    await colour()
    expect(reads()).toBe(2)
  })

  it('shares one read among calls at the same time', async () => {
    world.secretsManager.fail({ kind: 'delay', ms: 50 })
    expect(await Promise.all(Array.from({ length: 50 }, () => colour()))).toEqual(Array(50).fill('red'))
    expect(reads()).toBe(1)
  })

  it('names the stage in each request, and carries the version', async () => {
    const requests: unknown[] = []
    const source = awsSecretSource()
    const spying = secretReader({
      source: {
        read: (name, stage) => {
          requests.push([name, stage])
          return source.read(name, stage)
        },
      },
      prefix: PREFIX,
      now: () => new Date(at * 1000),
      random: () => 0,
      log: () => undefined,
    })
    const first = await spying.read(SAMPLE, { deadline })
    expect(requests).toEqual([[NAME, 'AWSCURRENT']])
    expect(first.versionId).toMatch(/^[0-9a-f-]{36}$/)
    world.secretsManager.put(NAME, { colour: 'red' })
    at += 300
    expect((await spying.read(SAMPLE, { deadline })).versionId).not.toBe(first.versionId)
  })

  it('keeps the same object while the version is the same, so that derived values can hang on it', async () => {
    const { value } = await reader.read(SAMPLE, { deadline })
    at += 300
    expect((await reader.read(SAMPLE, { deadline })).value).toBe(value)
    expect(reads()).toBe(2)
  })

  it('tells the log what a definition remarks of a value, with the secret’s name, once for each version', async () => {
    const remark = {
      level: 'WARN',
      code: 'USER_IDS_SHARED',
      field: 'colour',
      expected: 'expected blue',
    } as const
    const definition = {
      ...SAMPLE,
      remarks: ({ colour }: { colour: string }) => (colour === 'red' ? [remark] : []),
    }
    const read = () => reader.read(definition, { deadline })
    await read()
    at += SECRET_LIMITS.maxAgeSeconds
    await read()
    expect(lines).toEqual([{ ...remark, secret: NAME }])
    world.secretsManager.put(NAME, { colour: 'blue' })
    at += SECRET_LIMITS.maxAgeSeconds
    await read()
    expect(lines.map(({ code }) => code)).toEqual(['USER_IDS_SHARED', 'SECRET_CHANGED'])
  })

  it('takes the initial text of a definition while nothing was ever written, and what is written after its age', async () => {
    // Prepare: as deployment makes a secret
    const client = new SecretsManagerClient()
    const definition = { ...SAMPLE, name: 'unset', initial: '{"colour":"none"}' }
    await client.send(new CreateSecretCommand({ Name: `${PREFIX}/unset` }))
    client.destroy()
    const read = async () => (await reader.read(definition, { deadline })).value.colour
    // Act
    const before = await read()
    world.secretsManager.put(`${PREFIX}/unset`, { colour: 'blue' })
    const within = await read()
    at += SECRET_LIMITS.maxAgeSeconds
    // Assess
    expect([before, within, await read()]).toEqual(['none', 'none', 'blue'])
    expect(lines).toMatchObject([{ level: 'INFO', code: 'SECRET_CHANGED', secret: `${PREFIX}/unset` }])
  })

  it('throws SECRET_UNAVAILABLE for an unset secret whose definition has no initial text', async () => {
    const client = new SecretsManagerClient()
    await client.send(new CreateSecretCommand({ Name: `${PREFIX}/without` }))
    client.destroy()
    const read = reader.read({ ...SAMPLE, name: 'without' }, { deadline })
    await expect(read).rejects.toMatchObject({
      code: 'SECRET_UNAVAILABLE',
      detail: { reason: 'ResourceNotFoundException' },
    })
  })

  it('does not see a version that is only AWSPENDING', async () => {
    world.secretsManager.startRotation(NAME)
    expect(await colour()).toBe('red')
  })

  describe('while Secrets Manager cannot be reached', () => {
    it.each([
      ['5xx', { kind: 'error', status: 500, type: 'InternalServiceError' }],
      ['5xx without a known name', { kind: 'error', status: 502, type: 'BadGateway' }],
      ['throttling', { kind: 'error', status: 400, type: 'ThrottlingException' }],
      ['a reset connection', { kind: 'reset' }],
    ] as const)('serves the stale value for %s', async (_, fault) => {
      await colour()
      at += 300
      world.secretsManager.fail({ ...fault, times: Number.POSITIVE_INFINITY })
      expect(await colour()).toBe('red')
      expect(lines.map(({ level, code }) => [level, code])).toEqual([['WARN', 'SECRET_STALE_SERVED']])
    })

    it('serves the stale value when no answer comes', async () => {
      await colour()
      at += 300
      world.secretsManager.fail({ kind: 'hang', times: 10 })
      expect(await colour()).toBe('red')
      expect(lines[0]).toMatchObject({ code: 'SECRET_STALE_SERVED', reason: 'ETIMEDOUT' })
    })

    it('serves it for 900 s and not a second longer', async () => {
      await colour()
      world.secretsManager.fail(DOWN)
      at += SECRET_LIMITS.maxAgeSeconds + SECRET_LIMITS.maxStaleSeconds - 1
      expect(await colour()).toBe('red')
      at += 1
      expect(await failing()).toMatchObject({
        code: 'SECRET_UNAVAILABLE',
        detail: { secret: NAME, reason: 'ServiceUnavailable' },
      })
    })

    it('does not ask again for 5 s after a failure, then does', async () => {
      await colour()
      at += 300
      world.secretsManager.fail(DOWN)
      await colour()
      const before = reads()
      at += 4.9
      await colour()
      expect(reads()).toBe(before)
      world.secretsManager.clearFaults()
      world.secretsManager.put(NAME, { colour: 'blue' })
      at += 0.1
      expect(await colour()).toBe('blue')
    })

    it('fails at once without a value from before, and recovers', async () => {
      world.secretsManager.fail(DOWN)
      expect(await failing()).toMatchObject({ code: 'SECRET_UNAVAILABLE' })
      world.secretsManager.clearFaults()
      expect(await colour()).toBe('red')
    })
  })

  describe('never serves a stale value', () => {
    it.each([
      ['AccessDeniedException', 400],
      ['ResourceNotFoundException', 400],
      ['InvalidRequestException', 400],
      ['DecryptionFailure', 400],
      ['DecryptionFailure', 500],
      ['KMSInternalException', 500],
      ['KMSThrottlingException', 429],
      ['InvalidParameterException', 400],
    ])('for %s with status %i', async (type, status) => {
      await colour()
      at += 300
      world.secretsManager.fail({ kind: 'error', status, type, times: Number.POSITIVE_INFINITY })
      const code = /^(Decryption|KMS)/.test(type) ? 'SECRET_KMS_REFUSED' : 'SECRET_UNAVAILABLE'
      expect(await failing()).toMatchObject({ code, detail: { reason: type } })
      world.secretsManager.clearFaults()
      world.secretsManager.fail(DOWN)
      at += SECRET_LIMITS.retrySeconds
      expect(await failing()).toMatchObject({
        code: 'SECRET_UNAVAILABLE',
        detail: { reason: 'ServiceUnavailable' },
      })
    })
  })

  it('asks once in 5 s for a secret that it may not read', async () => {
    world.secretsManager.fail({
      kind: 'error',
      status: 400,
      type: 'AccessDeniedException',
      times: Number.POSITIVE_INFINITY,
    })
    for (let i = 0; i < 100; i++) expect(await failing()).toMatchObject({ code: 'SECRET_UNAVAILABLE' })
    expect(reads()).toBe(1)
    world.secretsManager.clearFaults()
    at += SECRET_LIMITS.retrySeconds
    expect(await colour()).toBe('red')
  })

  it('neither joins a read that was frozen for hours, nor lets it replace a later one', async () => {
    const versions = ['first', 'second']
    const waiting: ((version: string) => void)[] = []
    const slow = secretReader({
      source: {
        read: () =>
          new Promise((resolve) =>
            waiting.push((colour) => resolve({ versionId: colour, value: JSON.stringify({ colour }) })),
          ),
      },
      prefix: PREFIX,
      now: () => new Date(at * 1000),
      random: () => 0,
      log: () => undefined,
    })
    const hurried = slow.read(SAMPLE, { deadline: { remainingMs: () => 10 } })
    await expect(hurried).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    at += 7_200
    const later = slow.read(SAMPLE, { deadline })
    expect(waiting).toHaveLength(2)
    waiting[1]?.(versions[1] ?? '')
    expect((await later).value.colour).toBe('second')
    waiting[0]?.(versions[0] ?? '')
    await new Promise((resolve) => setImmediate(resolve))
    expect((await slow.read(SAMPLE, { deadline })).value.colour).toBe('second')
  })

  describe('forced re-read', () => {
    it('reads a fresh value again, once per 30 s', async () => {
      await colour()
      world.secretsManager.put(NAME, { colour: 'blue' })
      expect([await colour(true), reads()]).toEqual(['blue', 2])
      world.secretsManager.put(NAME, { colour: 'green' })
      at += SECRET_LIMITS.forcedReadSeconds - 1
      expect([await colour(true), reads()]).toEqual(['blue', 2])
      at += 1
      expect([await colour(true), reads()]).toEqual(['green', 3])
    })

    it('keeps the fresh value when Secrets Manager cannot be reached', async () => {
      await colour()
      world.secretsManager.fail(DOWN)
      expect(await colour(true)).toBe('red')
    })

    it('drops even a fresh value when the secret turns out to be gone', async () => {
      await colour()
      world.secretsManager.fail({ kind: 'error', status: 400, type: 'ResourceNotFoundException', times: 9 })
      await expect(colour(true)).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' })
      await expect(colour()).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' })
    })
  })

  it('gives up at the deadline while the shared read goes on', async () => {
    world.secretsManager.fail({ kind: 'delay', ms: 200 })
    const hurried = reader.read(SAMPLE, { deadline: { remainingMs: () => 50 } })
    await expect(hurried).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    expect([await colour(), reads()]).toEqual(['red', 1])
  })

  it.each([
    ['without text', '{"VersionId":"v"}', 'NotText'],
    ['without a version', '{"SecretString":"{}"}', 'NotText'],
  ])('does not take an answer %s for a secret', async (_, body, reason) => {
    world.secretsManager.fail({ kind: 'reply', status: 200, body, contentType: 'application/x-amz-json-1.1' })
    expect(await failing()).toMatchObject({ code: 'SECRET_UNAVAILABLE', detail: { reason } })
  })

  it('prefetches, and leaves a failure for the first request', async () => {
    prefetch(reader, [SAMPLE])
    expect([await colour(), reads()]).toEqual(['red', 1])
    prefetch(reader, [{ name: 'absent', schema: SAMPLE.schema }])
    await expect(reader.read({ name: 'absent', schema: SAMPLE.schema }, { deadline })).rejects.toMatchObject({
      code: 'SECRET_UNAVAILABLE',
    })
  })
})
