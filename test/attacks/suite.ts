/** Runs attacks as tests, one after another in one world, and prints what came of them. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Attack } from './attack.ts'
import { run } from './runner.ts'
import { type Row, summary, table } from './table.ts'
import { type AttackWorld, startAttackWorld } from './world.ts'

/** Within all tests, a thousand lines would hide everything else. */
const isAskedFor = process.env['npm_lifecycle_event'] === 'attacks'

export const attackSuite = (name: string, all: readonly Attack[]): void => {
  let world: AttackWorld
  const rows: Row[] = []

  beforeAll(async () => {
    world = await startAttackWorld()
  })
  afterAll(() => {
    console.log(`${name}\n${isAskedFor ? table(rows) : summary(rows)}`)
    return world.close()
  })

  describe.each([...Map.groupBy(all, ({ theme }) => theme)])('attacks: %s', (_, attacks) => {
    it.each(attacks)('$attack on $route → $code', async (attack) => {
      const result = await run(attack, world)
      rows.push({ ...attack, ...result })
      expect(result).toEqual({ complaints: [], isTwinGood: true })
    })
  })

  describe('the attack suite', () => {
    it('takes no longer by its own clock than what is asked once in a while stays unasked', () => {
      expect(world.elapsedSeconds()).toBeLessThan(30)
    })

    it('has no attack twice', () => {
      const names = all.map(({ theme, attack, route }) => `${theme}: ${attack} on ${route}`)
      expect(names.filter((text, index) => names.indexOf(text) !== index)).toEqual([])
    })
  })
}
