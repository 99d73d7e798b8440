import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operate } from '../../../../tools/operator/operator.ts'
import { callersSecret, PREFIX, STAGE, sha256, startWorld, type World } from '../../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

describe('npm run callers -- list --json', () => {
  it('tells scripts who is listed and what no function takes, and no key', async () => {
    const { callers } = callersSecret([{ callerId: 'shop', key: world.callerKey }])
    world.secretsManager.put(`${PREFIX}/callers`, { callers: [...callers, { callerId: 'a b' }] })
    const said: string[] = []
    const say = (line: string) => said.push(line)
    expect(await operate(['callers', 'list', '--json', '--stage', STAGE], { say, complain: say })).toBe(0)
    expect(JSON.parse(said.join('\n'))).toEqual({
      isTableAsked: false,
      callers: [expect.objectContaining({ callerId: 'shop', kind: 'caller', place: 'secret' })],
      wrong: [{ place: 'secret.callers.1.callerId', expected: expect.stringMatching(/^expected /) }],
    })
    expect(said.join('\n')).not.toContain(sha256(world.callerKey))
  })
})
