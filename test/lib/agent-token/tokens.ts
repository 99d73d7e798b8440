/** Agent tokens by hand, and what signs and verifies them. */

import { agentClaims, agentHeader, mint, privateKeyOf } from '../../support/mint.ts'
import { activeKeyOf, NOW_SECONDS, type newRing } from '../signed-token/fakes.ts'

export const JTI = 'jti-jti-jti-jti-1'

export const mintedBy = (
  ring: Awaited<ReturnType<typeof newRing>>,
  changes: Record<string, unknown> = {},
) => {
  const key = activeKeyOf(ring)
  const iat = NOW_SECONDS
  return mint(
    agentHeader(key.kid),
    agentClaims({ jti: JTI, iat, exp: iat + 300, ...changes }),
    privateKeyOf(key),
  )
}
