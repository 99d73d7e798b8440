import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashedUserId } from '../../../lib/schemas/log-key.ts'
import { newTokenStoreKey } from '../../../tools/local/seeds.ts'
import { operate } from '../../../tools/operator/operator.ts'
import { secret } from '../../support/canary.ts'
import { PREFIX, STAGE, startWorld, type World } from '../../support/world.ts'

const ISSUER = 'https://idp.example.com/realms/shop'
const run = async (...args: string[]) => {
  const said: string[] = []
  const complaints: string[] = []
  const code = await operate(['user-id', ...args], {
    say: (line) => said.push(line),
    complain: (line) => complaints.push(line),
  })
  return { code, said, complaints }
}

describe('tools/operator/user-id', () => {
  it('prints the derived id of each value, as other programs compute it', async () => {
    expect(await run(ISSUER, '2f4b5c0e-6d1a-4b7e-9c3f-8a1b2c3d4e5f')).toEqual({
      code: 0,
      said: ['nri5pvmqxena2ks56i5y643p'],
      complaints: [],
    })
    expect((await run('https://idp.example.com', '张三', '\u{20000}x')).said).toEqual([
      'cdz4imyj6ftqueqvu4feszek',
      '6ladtvog6zv5zz7r2iy2hie5',
    ])
  })

  it('prints value and id of each for scripts', async () => {
    const { said } = await run('https://idp.example.com', '张三', '--json')
    expect(JSON.parse(said.join(''))).toEqual([{ value: '张三', userId: 'cdz4imyj6ftqueqvu4feszek' }])
  })

  it.each([
    [[], 'Name the issuer, as the entry has it.'],
    [['tom'], 'Name the issuer, as the entry has it.'],
    [[ISSUER], "Name the value of the user's claim."],
    [[ISSUER, ''], "Name the value of the user's claim."],
  ])('says what is missing in %j', async (args, sentence) => {
    const { code, said, complaints } = await run(...args)
    expect([code, said]).toEqual([2, []])
    expect(complaints.join('\n')).toContain(sentence)
  })
})

describe('tools/operator/user-id --log', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.close())
  const logged = (...args: string[]) => run('--log', ...args, '--stage', STAGE)

  it('says of a stage without the key that its logs name users by their ids', async () => {
    expect(await logged('10010001')).toEqual({
      code: 1,
      said: [],
      complaints: [`The stage ${STAGE} has no secret log-key: its logs name users by their ids.`],
    })
  })

  it('prints by what the logs name each user, and nothing else', async () => {
    const key = secret('log key', newTokenStoreKey())
    world.secretsManager.put(`${PREFIX}/log-key`, { key })
    expect(await logged('10010001', '张三')).toEqual({
      code: 0,
      said: [hashedUserId(key, '10010001'), hashedUserId(key, '张三')],
      complaints: [],
    })
  })

  it.each([
    [['--log'], '--log: name a userId.'],
    [['--log', 'tom', '--stage', 'a b'], '--stage: expected letters, digits and hyphens.'],
    [[ISSUER, 'tom', '--stage', 'prod'], '--stage goes with --log.'],
  ])('says what is wrong with %j', async (args, sentence) => {
    const { code, complaints } = await run(...args)
    expect([code, complaints.join('\n').split('\n')[0]]).toEqual([2, sentence])
  })
})
