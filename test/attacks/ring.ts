/** The key ring of the attacks: beside the two keys of every stage, one that is retired and one that was dropped. */

import { createPublicKey, type KeyObject } from 'node:crypto'
import { revokedKeyKey } from '../../lib/directory/items.ts'
import { foreignKey, privateKeyOf } from '../support/mint.ts'
import type { RefusalWorld } from '../support/refusals.ts'
import type { VendorWorld } from '../support/vendor-world.ts'
import { ISSUER, PREFIX, TABLE } from '../support/world.ts'

export interface RingKey {
  readonly kid: string
  readonly key: KeyObject
}

interface AttackRing {
  readonly tokens: RefusalWorld
  readonly next: RingKey
  readonly retired: RingKey
  readonly leaked: RingKey
}

/** Publishes all four, before any sandbox reads them. */
export const startRing = async ({ ring, secretsManager, dynamoDb }: VendorWorld): Promise<AttackRing> => {
  const [active, next] = ring.signingKey.keys
  if (active?.state !== 'active' || next === undefined) throw new TypeError('the ring has another order')
  const trueKey = privateKeyOf(active)
  const publicText = createPublicKey(trueKey).export({ format: 'jwk' }).x ?? ''
  const retired = { kid: 'retired-key', key: foreignKey() }
  const leaked = { kid: 'leaked-key', key: foreignKey() }
  const now = Math.floor(Date.now() / 1000)
  secretsManager.put(`${PREFIX}/jwks`, {
    keys: [
      ...ring.jwks.keys,
      { ...published(retired), publishedAt: now - 7200, verifyUntil: now - 1 },
      { ...published(leaked), publishedAt: now - 7200 },
    ],
  })
  await dynamoDb.put(TABLE, [{ pk: revokedKeyKey(leaked.kid) }])
  return {
    tokens: { kid: active.kid, trueKey, foreignKey: foreignKey(), publicText, issuer: ISSUER },
    next: { kid: next.kid, key: privateKeyOf(next) },
    retired,
    leaked,
  }
}

const published = ({ kid, key }: RingKey) => {
  const { kty, crv, x, y } = createPublicKey(key).export({ format: 'jwk' })
  return { kty, crv, x, y, kid }
}
