import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { secret } from '../../support/canary.ts'
import { about, ask, causes } from '../../support/doctor-world.ts'
import { startVendorWorld, type VendorWorld } from '../../support/vendor-world.ts'

const BOTH = about('oiap', 'oiap-third-party')
let world: VendorWorld
beforeAll(async () => {
  world = await startVendorWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.clearTokens()
  world.vendors.oiap.resetCalls()
  world.vendors.oiap.clearFaults()
  for (const system of ['oiap', 'oiap-third-party'] as const) world.putSettings(system)
})

const wrong = (): string => secret('wrong password', `wrong-${Math.random().toString(36).repeat(2)}`)
const shown = (): readonly number[] => [
  world.vendors.oiap.calls('getAppCubeToken'),
  world.vendors.oiap.calls('gettoken'),
]

describe('functions/doctor: a wrong password of OIAP', () => {
  it('is shown once, however often the doctor is asked', async () => {
    world.putSettings('oiap', { appSecret: wrong() })
    for (let time = 0; time < 4; time++)
      expect(causes(await ask(world, about('oiap')))).toEqual(['oiap: PASSWORD_WRONG'])
    expect(shown()).toEqual([1, 0])
    expect(world.vendors.oiap.wrongSecrets()).toBe(1)
  })

  it('keeps the password of the other call from being shown after it', async () => {
    world.putSettings('oiap', { appSecret: wrong() })
    world.putSettings('oiap-third-party', { appSecret: wrong() })
    expect(causes(await ask(world, BOTH))).toEqual(['oiap: PASSWORD_WRONG', 'oiap-third-party: NOT_TRIED'])
    expect(shown()).toEqual([1, 0])
    // The twin: with the right one, the other is tried
    world.putSettings('oiap')
    expect(causes(await ask(world, BOTH))).toEqual(['oiap-third-party: PASSWORD_WRONG'])
    expect(shown()).toEqual([2, 1])
  })

  it('is not shown at all where it is the password of the other call', async () => {
    const { appSecret } = world.vendors.tenantSecrets('202007159031').oiap
    world.putSettings('oiap-third-party', { appSecret })
    expect((await ask(world, BOTH)).findings).toEqual([
      {
        system: 'oiap-third-party',
        tenantSpaceId: '202007159031',
        cause: 'PASSWORD_OF_OTHER_TAB',
        level: 'wrong',
        field: 'appSecret',
      },
    ])
    expect(shown()).toEqual([1, 0])
  })

  it('is not followed by another one that is put into the secret in the middle of the run', async () => {
    world.putSettings('oiap', { appSecret: wrong() })
    const second = wrong()
    world.vendors.oiap.fail({
      fault: 'failure-inside',
      code: 200_800_002,
      when: () => {
        world.putSettings('oiap', { appSecret: second })
        return true
      },
    })
    expect(causes(await ask(world, about('oiap')))).toEqual(['oiap: PASSWORD_WRONG'])
    expect(shown()).toEqual([1, 0])
  })

  it('is not in the way of the right one: the next run reads the secret anew', async () => {
    world.putSettings('oiap', { appSecret: wrong() })
    expect(causes(await ask(world, about('oiap')))).toEqual(['oiap: PASSWORD_WRONG'])
    world.putSettings('oiap')
    expect(causes(await ask(world, about('oiap')))).toEqual([])
  })

  it('is shown by nobody while the table cannot say whether it was refused', async () => {
    world.dynamoDb.fail({ kind: 'error' })
    const diagnosis = await ask(world, BOTH)
    world.dynamoDb.clearFaults()
    expect(causes(diagnosis)).toEqual(['stage: TABLE_UNREADABLE'])
    expect(shown()).toEqual([0, 0])
  })
})
