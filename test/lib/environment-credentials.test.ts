import { afterEach, describe, expect, it, vi } from 'vitest'
import { defaultProvider } from '../../lib/environment-credentials.ts'

const provide = defaultProvider({ profile: 'ignored' })

afterEach(() => vi.unstubAllEnvs())

describe('lib/environment-credentials', () => {
  it('reads the variables at each call', async () => {
    // Prepare
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'id')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret')
    vi.stubEnv('AWS_SESSION_TOKEN', 'session')
    const first = await provide()
    vi.stubEnv('AWS_SESSION_TOKEN', undefined)
    // Act
    const second = await provide()
    // Assess
    expect(first).toEqual({ accessKeyId: 'id', secretAccessKey: 'not-a-secret', sessionToken: 'session' })
    expect(second).toEqual({ accessKeyId: 'id', secretAccessKey: 'not-a-secret' })
  })

  it.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])(
    'names %s when it is missing or empty',
    async (missing) => {
      for (const value of [undefined, '']) {
        // Prepare
        vi.stubEnv('AWS_ACCESS_KEY_ID', 'id')
        vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret')
        vi.stubEnv(missing, value)
        // Act and assess
        await expect(provide()).rejects.toThrow(`environment variable ${missing} is missing`)
      }
    },
  )
})
