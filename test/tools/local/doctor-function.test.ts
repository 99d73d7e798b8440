import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localDoctor } from '../../../tools/local/doctor-function.ts'
import { startWorld, TENANT, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

describe('tools/local/doctor-function', () => {
  it.each([
    [{ USER_ID_CHARACTERS: 'a-z', USER_ID_MAX_LENGTH: '8' }, 'alpha', []],
    [{ USER_ID_CHARACTERS: 'a-z', USER_ID_MAX_LENGTH: '4' }, 'alpha', ['expected 1 to 4 characters']],
    [
      { USER_ID_CHARACTERS: 'a-z', USER_ID_MAX_LENGTH: '8' },
      'Alpha',
      ['expected only characters of USER_ID_CHARACTERS'],
    ],
    [{ USER_ID_CHARACTERS: '', USER_ID_MAX_LENGTH: '32' }, 'Alpha', []],
  ])("judges by the stage's settings %j the userId %s", async (environment, userId, expected) => {
    const ask = await localDoctor(environment)
    const { findings } = await ask({ tenantSpaceId: TENANT, systems: ['live-rtc'], userId })
    const ofUser = findings.filter(({ cause }) => cause === 'USER_ID_PATTERN')
    expect(ofUser.map((finding) => finding.expected)).toEqual(expected)
  })
})
