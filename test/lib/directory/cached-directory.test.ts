import { beforeEach, describe, expect, it } from 'vitest'
import { cachedDirectory } from '../../../lib/directory/cached-directory.ts'
import type { Admissions } from '../../../lib/directory/directory.ts'

const ASKED = { tenantSpaceId: '1', userId: 'tom', jti: 'jti-jti-jti-jti-1' }
const AMPLE = { remainingMs: () => 5_000 }
const REMEMBERED_MS = 500

let at: number
let reads: number
let directory: Admissions

beforeEach(() => {
  at = 0
  reads = 0
  directory = cachedDirectory(
    {
      admission: async () => {
        reads += 1
        return { user: undefined, tenantEpoch: reads, isTokenRevoked: false, isKeyRevoked: false }
      },
    },
    () => new Date(at),
  )
})

describe('lib/directory/cached-directory', () => {
  it('remembers an answer for less than 500 ms', async () => {
    await directory.admission(ASKED, AMPLE)
    at += REMEMBERED_MS - 1
    expect((await directory.admission(ASKED, AMPLE)).tenantEpoch).toBe(1)
    at += 1
    expect((await directory.admission(ASKED, AMPLE)).tenantEpoch).toBe(2)
    expect(reads).toBe(2)
  })

  it('asks again when a clock was set back', async () => {
    await directory.admission(ASKED, AMPLE)
    at -= REMEMBERED_MS
    expect((await directory.admission(ASKED, AMPLE)).tenantEpoch).toBe(2)
  })

  it('counts from before the read: a slow answer is remembered for less', async () => {
    const slow = cachedDirectory(
      {
        admission: async (asked, deadline) => {
          at += REMEMBERED_MS - 1
          return directory.admission(asked, deadline)
        },
      },
      () => new Date(at),
    )
    await slow.admission({ ...ASKED, jti: 'slow' }, AMPLE)
    at += 1
    await slow.admission({ ...ASKED, jti: 'slow' }, AMPLE)
    expect(reads).toBe(2)
  })

  it('keeps answers for other users, tenants, tokens and keys apart', async () => {
    const variants = [{}, { userId: 'x' }, { tenantSpaceId: 'x' }, { jti: 'x' }, { kid: 'x' }]
    for (const variant of variants) await directory.admission({ ...ASKED, ...variant }, AMPLE)
    expect(reads).toBe(variants.length)
    for (const variant of variants) await directory.admission({ ...ASKED, ...variant }, AMPLE)
    expect(reads).toBe(variants.length)
  })

  it('remembers no failure', async () => {
    let failures = 1
    const failing = cachedDirectory(
      {
        admission: (asked, deadline) =>
          failures-- > 0 ? Promise.reject(new Error('x')) : directory.admission(asked, deadline),
      },
      () => new Date(at),
    )
    await expect(failing.admission(ASKED, AMPLE)).rejects.toThrow('x')
    expect((await failing.admission(ASKED, AMPLE)).tenantEpoch).toBe(1)
  })

  it('forgets rather than grows without bound', async () => {
    for (let i = 0; i <= 1_000; i++) await directory.admission({ ...ASKED, jti: `${i}` }, AMPLE)
    await directory.admission({ ...ASKED, jti: '0' }, AMPLE)
    expect(reads).toBe(1_002)
  })

  it('forgets what it has read longest ago, and nothing else', async () => {
    for (let i = 0; i <= 1_000; i++) await directory.admission({ ...ASKED, jti: `${i}` }, AMPLE)
    for (const jti of ['1', '1000']) await directory.admission({ ...ASKED, jti }, AMPLE)
    expect(reads).toBe(1_001)
  })
})
