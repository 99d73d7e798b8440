import { describe, expect, it } from 'vitest'
import type { Runtime } from '../../../lib/start/runtime.ts'
import { startFunction } from '../../../lib/start/start-function.ts'

const NOW = new Date('2026-11-22T10:00:00Z')
const ENV = { SECRETS_PREFIX: 'cec-token-bridge/test', STAGE: 'test', DIRECTORY_TABLE: 'directory' }
const NEEDS = { settings: ['DIRECTORY_TABLE'], secrets: [] } as const
const FOR_CALLERS = { ...NEEDS, credentials: { settings: ['STAGE'], secrets: [] } } as const

const start = (env: Runtime['env'], needs: typeof NEEDS | typeof FOR_CALLERS = NEEDS) => {
  const lines: string[] = []
  const started = startFunction(
    { env, now: () => NOW, random: () => 0, newId: () => 'id', writeLine: (line) => lines.push(line) },
    needs,
  )
  return { ...started, lines }
}

describe('lib/start/start-function', () => {
  it('reads the settings that are named, beside the three that every function needs, and no other', () => {
    expect(start(ENV).settings).toEqual({
      SECRETS_PREFIX: ENV.SECRETS_PREFIX,
      LOG_LEVEL: 'INFO',
      LOG_USER_IDS: 'plain',
      DIRECTORY_TABLE: 'directory',
    })
  })

  it('reads what checking the callers needs as well', () => {
    expect(start(ENV, FOR_CALLERS).settings).toMatchObject({ STAGE: 'test', DIRECTORY_TABLE: 'directory' })
  })

  it.each([
    ['of its own', { ...ENV, DIRECTORY_TABLE: '' }, 'DIRECTORY_TABLE'],
    ['of its callers', { ...ENV, STAGE: undefined }, 'STAGE'],
    ['that every function needs', { ...ENV, SECRETS_PREFIX: undefined }, 'SECRETS_PREFIX'],
  ])('does not start without a setting %s', (_, env, field) => {
    expect(() => start(env, FOR_CALLERS)).toThrow(
      expect.objectContaining({ code: 'SETTINGS_INVALID', detail: { field } }),
    )
    expect(() => start(ENV, FOR_CALLERS)).not.toThrow()
  })

  it('logs from the level of its settings on', () => {
    const { log, lines } = start({ ...ENV, LOG_LEVEL: 'WARN' })
    log('INFO', { code: 'JWKS_SERVED' })
    log('WARN', { code: 'SECRET_STALE_SERVED' })
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'WARN', code: 'SECRET_STALE_SERVED', time: NOW.toISOString() }),
    ])
  })
})
