import { describe, expect, it } from 'vitest'
import type { LogFields, LogLevel } from '../../../lib/log.ts'
import { hashedUserId } from '../../../lib/schemas/log-key.ts'
import { SecretSourceError } from '../../../lib/secrets/source.ts'
import { startFunction } from '../../../lib/start/start-function.ts'
import { newTokenStoreKey } from '../../../tools/local/seeds.ts'
import { secret } from '../../support/canary.ts'

const KEY = secret('log key', newTokenStoreKey())
const ENV = { SECRETS_PREFIX: 'cec-token-bridge/test', STAGE: 'test', LOG_USER_IDS: 'hashed' }
const DEADLINE = { remainingMs: () => 5_000 }

interface Given {
  readonly env?: Readonly<Record<string, string>>
  readonly read?: () => Promise<string>
  readonly namesNoUser?: boolean
}

const started = ({
  env = ENV,
  read = async () => JSON.stringify({ key: KEY }),
  namesNoUser = false,
}: Given = {}) => {
  const lines: (LogFields & { level: LogLevel })[] = []
  const reads: string[] = []
  const secretSource = {
    read: async (name: string) => {
      reads.push(name)
      return { versionId: 'v1', value: await read() }
    },
  }
  const { log } = startFunction(
    {
      ...{ env, now: () => new Date(0), random: () => 0, newId: () => 'id', secretSource },
      writeLine: (line) => lines.push(JSON.parse(line)),
    },
    { settings: [], secrets: [], namesNoUser },
  )
  return { log, lines, reads }
}
const written = async (given?: Given) => {
  const { log, lines, reads } = started(given)
  await log.ready?.(DEADLINE)
  log('INFO', { code: 'TOKEN_ISSUED', userId: '10010001', tenantSpaceId: 'T' })
  return { line: lines[0], reads }
}

describe('lib/start/hashed-user-ids', () => {
  it('writes a keyed hash in the place of the id, and leaves all else as it is', async () => {
    const { line, reads } = await written()
    expect(line).toMatchObject({ userId: hashedUserId(KEY, '10010001'), tenantSpaceId: 'T' })
    expect(line?.userId).toMatch(/^hmac-[0-9a-f]{32}$/)
    expect(reads).toEqual(['cec-token-bridge/test/log-key'])
  })

  it('writes the id itself, and reads no key, where the stage does not say so', async () => {
    const { line, reads } = await written({ env: { ...ENV, LOG_USER_IDS: 'plain' } })
    expect([line?.userId, reads]).toEqual(['10010001', []])
  })

  it('writes no id where the key cannot be read, and tries again with the next request', async () => {
    let isDown = true
    const read = async () => {
      if (isDown) throw new SecretSourceError('transient', 'Down')
      return JSON.stringify({ key: KEY })
    }
    const { log, lines } = started({ read })
    await log.ready?.(DEADLINE)
    log('INFO', { code: 'TOKEN_ISSUED', userId: '10010001' })
    isDown = false
    await log.ready?.(DEADLINE)
    log('INFO', { code: 'TOKEN_ISSUED', userId: '10010001' })
    const ids = lines.filter(({ code }) => code === 'TOKEN_ISSUED').map(({ userId }) => userId)
    expect(ids).toEqual(['withheld', hashedUserId(KEY, '10010001')])
  })

  it('reads no key for a function whose lines name nobody, and would withhold an id', async () => {
    const { line, reads } = await written({ namesNoUser: true })
    expect([line?.userId, reads]).toEqual(['withheld', []])
  })

  it('another key gives another hash, and another id too', () => {
    const other = secret('another log key', newTokenStoreKey())
    const hashes = [hashedUserId(KEY, 'a'), hashedUserId(KEY, 'b'), hashedUserId(other, 'a')]
    expect(new Set(hashes).size).toBe(3)
  })
})
