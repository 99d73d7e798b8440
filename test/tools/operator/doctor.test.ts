import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { operate } from '../../../tools/operator/operator.ts'
import { expectClean, secret } from '../../support/canary.ts'
import { type LambdaEndpoint, lambdaEndpoint } from '../../support/lambda-endpoint.ts'
import { startVendorWorld, type VendorWorld } from '../../support/vendor-world.ts'
import { contextWith, PREFIX, STAGE, TENANT } from '../../support/world.ts'

let world: VendorWorld
let lambda: LambdaEndpoint
beforeAll(async () => {
  world = await startVendorWorld({ cec: { pollMs: 20 } })
  const { doctor } = await import('../../../functions/doctor.ts')
  const { prewarmTokens } = await import('../../../functions/prewarm-tokens.ts')
  await prewarmTokens(world.runtime())({}, contextWith(60_000))
  lambda = await lambdaEndpoint({
    [`cec-token-bridge-${STAGE}-doctor`]: (event) => doctor(world.runtime())(event, contextWith(20_000)),
  })
  process.env['AWS_ENDPOINT_URL_LAMBDA'] = lambda.url
})
afterAll(async () => {
  lambda.close()
  await world.close()
})
beforeEach(async () => {
  await world.clearTokens()
  const { prewarmTokens } = await import('../../../functions/prewarm-tokens.ts')
  world.putSettings('oiap')
  await prewarmTokens(world.runtime())({}, contextWith(60_000))
})

const run = async (...args: string[]) => {
  const said: string[] = []
  const complaints: string[] = []
  const code = await operate(['doctor', '--stage', STAGE, ...args], {
    say: (line) => said.push(line),
    complain: (line) => complaints.push(line),
  })
  expectClean('what the command says', ...said, ...complaints)
  return { code, said: said.join('\n'), complained: complaints.join('\n') }
}

describe('tools/operator/doctor', () => {
  it('finds nothing where all is well, and tells the age of the keys and the last run of the schedule', async () => {
    const { code, said, complained } = await run('--tenant', TENANT, '--channel', 'web-1')
    expect({ code, complained }).toEqual({ code: 0, complained: '' })
    expect(said).toMatch(
      /Keys: signing key public since \d+ s ago, next key public since \d+ s ago\. Schedule: last run over all tenants begun \d+ s ago\./,
    )
    for (const system of ['cec', 'oiap', 'oiap-third-party', 'live', 'live-im', 'live-rtc'])
      expect(said).toMatch(new RegExp(`^${TENANT} +${system} +well$`, 'm'))
    expect(said).not.toContain('Wrong:')
  })

  it('ends with 1 and says in words what is wrong, what to do and who can mend it', async () => {
    world.putSettings('oiap', { appSecret: secret('wrong password', 'a-password-of-another-tab') })
    const { code, said, complained } = await run('--tenant', TENANT, '--system', 'oiap')
    expect({ code, complained }).toEqual({ code: 1, complained: 'One thing is wrong.' })
    expect(said).toContain(
      `Wrong: oiap of ${TENANT} (PASSWORD_WRONG)\n  What: OIAP knows the key, and the password is wrong: often it is the password of the other tab.`,
    )
    expect(said).toContain("\n  Who:  you, AppCube's operators (OIAP)")
    // asked again, the command says that it was not shown again
    expect((await run('--tenant', TENANT, '--system', 'oiap')).said).toContain('It was refused before')
    expect(world.vendors.oiap.wrongSecrets()).toBe(1)
  })

  it('tries every tenant that has settings where none is named', async () => {
    world.secretsManager.put(`${PREFIX}/tenants/T-9/live-rtc`, { appId: 'a' })
    const { code, said } = await run()
    expect(code).toBe(1)
    expect(said).toMatch(/^T-9 +live-rtc +SECRET_MALFORMED$/m)
    expect(said).toMatch(new RegExp(`^${TENANT} +cec +CHANNEL_UNTRIED$`, 'm'))
    world.secretsManager.put(`${PREFIX}/tenants/T-9/live-rtc`, { appId: 'a', appKey: 'b' })
    expect((await run()).code).toBe(0)
  })

  it('leaves out tenants without the system that is named where no tenant is named', async () => {
    world.secretsManager.put(`${PREFIX}/tenants/T-9/live-rtc`, { appId: 'a', appKey: 'b' })
    const triedWith = async (...args: string[]) => {
      const { results } = JSON.parse((await run('--json', ...args)).said) as {
        results: { tenantSpaceId?: string; tried: string[]; findings: { cause: string }[] }[]
      }
      return results.slice(1).map(({ tenantSpaceId, tried, findings }) => [tenantSpaceId, tried, findings])
    }
    expect(await triedWith('--system', 'live')).toEqual([[TENANT, ['live'], []]])
    expect(await triedWith('--system', 'live', '--system', 'live-rtc')).toEqual([
      [TENANT, ['live', 'live-rtc'], []],
      ['T-9', ['live-rtc'], []],
    ])
    // One that is named should have it.
    expect(await triedWith('--tenant', 'T-9', '--system', 'live')).toEqual([
      ['T-9', ['live'], [expect.objectContaining({ cause: 'SECRET_ABSENT' })]],
    ])
  })

  it('says of a tenant without any settings that they are absent', async () => {
    const { code, said } = await run('--tenant', 'T-0')
    expect(code).toBe(1)
    expect(said).toContain('Wrong: cec of T-0 (SECRET_ABSENT)')
  })

  it('tells scripts the same as JSON', async () => {
    const { code, said } = await run('--tenant', 'T-0', '--system', 'live', '--json')
    expect(code).toBe(1)
    const answer = JSON.parse(said)
    expect(answer).toMatchObject({ stage: STAGE, keys: expect.any(Array), sweptAt: expect.any(Number) })
    expect(answer.results[1]).toEqual({
      tenantSpaceId: 'T-0',
      tried: ['live'],
      findings: [
        {
          ...{ system: 'live', tenantSpaceId: 'T-0', cause: 'SECRET_ABSENT', level: 'wrong' },
          secret: `${PREFIX}/tenants/T-0/live`,
          reason: 'ResourceNotFoundException',
          wrong: `There is no secret ${PREFIX}/tenants/T-0/live, or the function may not read it.`,
          todo: expect.stringContaining(`npm run tenant -- add T-0 --system live --stage ${STAGE}.`),
          who: ['you'],
        },
      ],
    })
  })

  it('says what it lacks: the function, or the right to call it', async () => {
    process.env['AWS_ENDPOINT_URL_LAMBDA'] = (await lambdaEndpoint({})).url
    const { code, complained } = await run('--tenant', TENANT)
    process.env['AWS_ENDPOINT_URL_LAMBDA'] = lambda.url
    expect(code).toBe(1)
    expect(complained).toMatch(/^ResourceNotFoundException: There is no stage "test" at that place\./)
  })

  it.each([
    [['--tenant', 'a b'], '--tenant: expected 1 to 64 letters, digits, underscores or hyphens.'],
    [['--system', 'sap'], '--system: expected one of cec, oiap, oiap-third-party, live, live-im, live-rtc.'],
    [['--channel', 'web-1'], '--channel needs --tenant: a channel belongs to one tenant.'],
    [['202007159031'], '"202007159031" is not understood.'],
  ])('ends with 2 and one sentence for %j', async (args, sentence) => {
    const { code, complained } = await run(...args)
    expect(code).toBe(2)
    expect(complained.split('\n')).toEqual([sentence, expect.stringMatching(/^Use: npm run doctor -- /)])
  })
})
