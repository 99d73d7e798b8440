import { describe, expect, it } from 'vitest'
import type { Admission, Admissions } from '../../../lib/directory/directory.ts'
import { neverBehind } from '../../../lib/directory/never-behind.ts'

const DEADLINE = { remainingMs: () => 1_000 }
const OF = { tenantSpaceId: 't', userId: 'u' }

const at = (tenantEpoch: number, epoch: number): Admission => ({
  ...{ tenantEpoch, isTokenRevoked: false, isKeyRevoked: false },
  user: { userName: 'Tom', status: 'active', epoch },
})
const always = (found: Admission): Admissions => ({ admission: async () => found })

const REMEMBERED = at(3, 7)
const NOW = at(4, 8)

describe('lib/directory/never-behind', () => {
  const { admission } = neverBehind(always(REMEMBERED), always(NOW))

  it.each(['4.7', '3.8', '4.8', '10.0', '0.10'])(
    'asks anew for a token of %s, which is ahead of 3.7',
    async (ver) => {
      expect(await admission({ ...OF, ver }, DEADLINE)).toBe(NOW)
    },
  )

  it.each(['3.7', '2.7', '3.6', '0.0', '', 'x', '3', '3.7.9', '-4.-8'])(
    'goes by what is remembered for a token of "%s"',
    async (ver) => {
      expect(await admission({ ...OF, ver }, DEADLINE)).toBe(REMEMBERED)
    },
  )

  it('goes by what is remembered for a token that a revoked key has signed: whoever holds that key could sign any ver', async () => {
    const revoked = { ...REMEMBERED, isKeyRevoked: true }
    expect(await neverBehind(always(revoked), always(NOW)).admission({ ...OF, ver: '9.9' }, DEADLINE)).toBe(
      revoked,
    )
  })

  it('goes by what is remembered where no token is named', async () => {
    expect(await admission(OF, DEADLINE)).toBe(REMEMBERED)
  })

  it('counts an agent by its own epoch', async () => {
    const agent: Admission = { ...REMEMBERED, user: undefined, agentEpoch: 2 }
    const asks = neverBehind(always(agent), always(NOW)).admission
    expect(await asks({ ...OF, kind: 'agent', ver: '3.3' }, DEADLINE)).toBe(NOW)
    expect(await asks({ ...OF, kind: 'agent', ver: '3.2' }, DEADLINE)).toBe(agent)
  })
})
