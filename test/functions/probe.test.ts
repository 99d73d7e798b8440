import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ProbedWorld, startProbedWorld } from '../support/probed-world.ts'
import { contextWith, newCallerKey, PREFIX } from '../support/world.ts'

let world: ProbedWorld
beforeAll(async () => {
  world = await startProbedWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.mend()
  await world.restart()
})

const NOT_CHECKED = { status: 200, body: JSON.stringify({ retCode: 6, message: 'x' }) }

// What it says of each fault: probe-faults.test.ts.
describe('probe', () => {
  it('finds everything right, and says so in one line with its metrics', async () => {
    const { summary, lines } = await world.probe()
    expect(summary).toEqual({ asked: 6, failed: 0, refused: 0, vendorFailed: 0, findings: [] })
    expect(lines).toMatchObject([
      {
        ...{ level: 'INFO', code: 'PROBE_DONE', function: 'probe', asked: 6, failed: 0, refused: 0 },
        ...{ ProbeFailed: 0, ProbeRefused: 0 },
      },
    ])
    expect(lines[0]).not.toHaveProperty('audit')
  })

  it('asks nothing of OIAP where no key for it is given', async () => {
    world.putProber({ appCube: undefined })
    world.vendors.oiap.resetCalls()
    expect((await world.probe()).summary).toEqual({
      asked: 5,
      failed: 0,
      refused: 0,
      vendorFailed: 0,
      findings: [],
    })
    expect(world.vendors.oiap.calls('getAppCubeToken')).toBe(0)
  })

  it('watches the route of CEC’s questions also where it is given no token', async () => {
    world.putCallers(world.callers.appCube)
    world.inPlaceOf('validateEnterpriseToken', NOT_CHECKED)
    await world.restart()
    const { summary, lines } = await world.probe()
    expect(summary).toMatchObject({ asked: 3, failed: 1, refused: 1 })
    expect(lines.map(({ level, code, step, reason }) => [level, code, step, reason])).toEqual([
      ['WARN', 'PROBE_REFUSED', 'issue', 'status 401 UNAUTHENTICATED'],
      ['ERROR', 'PROBE_FAILED', 'foreign', 'retCode 6'],
      ['INFO', 'PROBE_DONE', undefined, undefined],
    ])
  })

  it('names the request that was answered wrongly as the log of the function that was asked has it', async () => {
    world.dynamoDb.fail({ kind: 'error', action: 'BatchGetItem' })
    const { lines } = await world.probe()
    const asked = world.lines.find(({ requestId }) => requestId === lines[0]?.probedRequestId)
    expect(asked).toMatchObject({
      function: 'issueEnterpriseToken',
      code: 'DIRECTORY_UNAVAILABLE',
      status: 503,
    })
  })

  it('ends with its time, and says what it had none for', { timeout: 20_000 }, async () => {
    world.inPlaceOf('validateEnterpriseToken', 'silence')
    const { summary } = await world.probe(3_500)
    expect(summary.findings.map(({ step, found }) => [step, found])).toEqual([
      ['valid', 'no answer'],
      ['tampered', 'no time left'],
      ['revoke', 'no time left'],
      ['appCube', 'no time left'],
    ])
  })

  it('fails where its secret is not there or not of its shape, and names the member', async () => {
    world.putProber({ url: 'tokens.example.com' })
    await expect(world.probe()).rejects.toMatchObject({ code: 'SECRET_MALFORMED' })
    expect(world.lines.at(-1)).toMatchObject({
      ...{ level: 'ERROR', code: 'SECRET_MALFORMED', function: 'probe' },
      ...{ secret: `${PREFIX}/prober`, field: 'url' },
    })
    world.secretsManager.fail({ kind: 'error', status: 400, type: 'ResourceNotFoundException', times: 10 })
    await expect(world.probe()).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' })
  })

  it('takes another key with the next run', async () => {
    const { probe } = await import('../../functions/probe.ts')
    const handler = probe(world.runtime())
    const [older, newer] = [
      world.callers.tokens,
      { ...world.callers.tokens, key: newCallerKey('a newer key') },
    ]
    world.putCallers(older, { ...newer, callerId: 'prober-2' }, world.callers.appCube)
    await world.restart()
    world.putProber({ callerKey: newCallerKey('a key that nobody lists') })
    expect(await handler({}, contextWith(60_000))).toMatchObject({ refused: 1 })
    world.putProber({ callerKey: newer.key })
    expect(await handler({}, contextWith(60_000))).toMatchObject({ asked: 6, failed: 0, refused: 0 })
  })
})
