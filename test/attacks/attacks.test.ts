import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessTokens } from './access-tokens.ts'
import { addresses } from './addresses.ts'
import { algorithms } from './algorithms.ts'
import { bodies } from './bodies.ts'
import { browsers } from './browsers.ts'
import { callers } from './callers.ts'
import { claims } from './claims.ts'
import { crossUse } from './cross-use.ts'
import { injections } from './injections.ts'
import { keysAndHeaders } from './keys-and-headers.ts'
import { limits } from './limits.ts'
import { lookAlikes } from './look-alikes.ts'
import { members } from './members.ts'
import { oidcIssuers } from './oidc-issuers.ts'
import { oidcTokens } from './oidc-tokens.ts'
import { otherTenants } from './other-tenants.ts'
import { presented } from './presented.ts'
import { run } from './runner.ts'
import { signatures } from './signatures.ts'
import { sources } from './sources.ts'
import { type Row, summary, table } from './table.ts'
import { tenants } from './tenants.ts'
import { tokenForms } from './token-forms.ts'
import { users } from './users.ts'
import { wordings } from './wordings.ts'
import { type AttackWorld, startAttackWorld } from './world.ts'

const ATTACKS = [
  ...tokenForms,
  ...algorithms,
  ...signatures,
  ...keysAndHeaders,
  ...wordings,
  ...claims,
  ...lookAlikes,
  ...accessTokens,
  ...oidcTokens,
  ...oidcIssuers,
  ...bodies,
  ...members,
  ...callers,
  ...presented,
  ...browsers,
  ...users,
  ...limits,
  ...tenants,
  ...otherTenants,
  ...injections,
  ...addresses,
  ...sources,
  ...crossUse,
]

/** Within all tests, a thousand lines would hide everything else. */
const isAskedFor = process.env['npm_lifecycle_event'] === 'attacks'

let world: AttackWorld
const rows: Row[] = []

beforeAll(async () => {
  world = await startAttackWorld()
})
afterAll(() => {
  console.log(isAskedFor ? table(rows) : summary(rows))
  return world.close()
})

describe.each([...Map.groupBy(ATTACKS, ({ theme }) => theme)])('attacks: %s', (_, attacks) => {
  it.each(attacks)('$attack on $route → $code', async (attack) => {
    const result = await run(attack, world)
    rows.push({ ...attack, ...result })
    expect(result).toEqual({ complaints: [], isTwinGood: true })
  })
})

describe('the attack suite', () => {
  it('takes no longer by its own clock than what is asked only once in a while stays unasked', () => {
    expect(world.elapsedSeconds()).toBeLessThan(30)
  })

  it('has no attack twice', () => {
    const names = ATTACKS.map(({ theme, attack, route }) => `${theme}: ${attack} on ${route}`)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })
})
