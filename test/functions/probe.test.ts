import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { userItem } from '../../lib/directory/items.ts'
import { type ProbedWorld, startProbedWorld } from '../support/probed-world.ts'
import { contextWith, newCallerKey, PREFIX, TABLE } from '../support/world.ts'

let world: ProbedWorld
beforeAll(async () => {
  world = await startProbedWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.mend()
  await world.restart()
})

const AGO = Math.floor(Date.now() / 1000) - 60
const API_THROTTLED = { status: 429, body: '{"message":"Too Many Requests"}' }
const retCode = (code: number) => ({ status: 200, body: JSON.stringify({ retCode: code, message: 'x' }) })

/** What is broken, and all that the prober then says: how many questions it asks, and of which step what it found. */
const FAULTS: readonly (readonly [
  name: string,
  begin: () => unknown,
  says: {
    readonly asked: number
    readonly failed?: readonly string[]
    readonly refused?: readonly string[]
    readonly vendorFailed?: readonly string[]
  },
])[] = [
  // the stage
  [
    'the signing key was dropped',
    () => world.secretsManager.put(`${PREFIX}/signing-key`, { keys: [] }),
    { asked: 3, failed: ['issue: status 503 UNAVAILABLE for status 201 and a token'] },
  ],
  [
    'the directory’s table refuses',
    () => world.dynamoDb.fail({ kind: 'error', action: 'BatchGetItem' }),
    { asked: 3, failed: ['issue: status 503 UNAVAILABLE for status 201 and a token'] },
  ],
  [
    'CEC’s questions are throttled',
    () => world.inPlaceOf('validateEnterpriseToken', API_THROTTLED),
    {
      asked: 6,
      failed: [
        'valid: status 429 for retCode 0',
        'tampered: status 429 for retCode 2',
        'revoked: status 429 for retCode 5',
      ],
    },
  ],
  [
    'no token can be checked',
    () => world.inPlaceOf('validateEnterpriseToken', retCode(6)),
    {
      asked: 6,
      failed: [
        'valid: retCode 6 for retCode 0',
        'tampered: retCode 6 for retCode 2',
        'revoked: retCode 6 for retCode 5',
      ],
    },
  ],
  [
    'every token is let in',
    () => world.inPlaceOf('validateEnterpriseToken', retCode(0)),
    { asked: 6, failed: ['tampered: retCode 0 for retCode 2', 'revoked: retCode 0 for retCode 5'] },
  ],
  [
    'a revocation is answered and has no effect',
    () => world.inPlaceOf('revokeEnterpriseTokens', { status: 200, body: '{"revoked":true}' }),
    { asked: 6, failed: ['revoked: retCode 0 for retCode 5'] },
  ],
  [
    'a revocation cannot be written',
    () => world.dynamoDb.fail({ kind: 'error', action: 'PutItem' }),
    { asked: 5, failed: ['revoke: status 503 UNAVAILABLE for status 200'] },
  ],
  [
    'the route of CEC’s questions is not there',
    () => world.putProber({ validateUrl: `${world.url}/elsewhere` }),
    {
      asked: 6,
      failed: [
        'valid: status 404 for retCode 0',
        'tampered: status 404 for retCode 2',
        'revoked: status 404 for retCode 5',
      ],
    },
  ],
  [
    'nobody listens at the address',
    () => world.putProber({ url: 'http://127.0.0.1:9', validateUrl: 'http://127.0.0.1:9/validate' }),
    {
      asked: 3,
      failed: [
        'issue: ECONNREFUSED for status 201 and a token',
        'foreign: ECONNREFUSED for retCode 2',
        'appCube: ECONNREFUSED for status 200 and a token',
      ],
    },
  ],
  [
    'the address is this machine’s own and no laptop’s',
    () => world.putProber({ url: 'https://169.254.169.254' }),
    {
      asked: 3,
      failed: [
        'issue: UPSTREAM_ADDRESS_REFUSED for status 201 and a token',
        'appCube: UPSTREAM_ADDRESS_REFUSED for status 200 and a token',
      ],
    },
  ],
  [
    'another service answers at the address',
    () => world.inPlaceOf('issueEnterpriseToken', { status: 200, body: '<html>' }),
    { asked: 3, failed: ['issue: status 200 for status 201 and a token'] },
  ],
  [
    'issuing gives no token',
    () => world.inPlaceOf('issueEnterpriseToken', { status: 201, body: '{"token":"a.b.c"}' }),
    { asked: 3, failed: ['issue: status 201 for status 201 and a token'] },
  ],
  [
    'a vendor is down',
    () => world.vendors.oiap.fail({ fault: 'status-503', times: 'always' }),
    { asked: 6, vendorFailed: ['appCube: status 503 errorCode 990005030 for status 200 and a token'] },
  ],

  // the prober itself
  [
    'the prober’s own key was revoked',
    () => world.putCallers(world.callers.appCube),
    { asked: 3, refused: ['issue: status 401 UNAUTHENTICATED for status 201 and a token'] },
  ],
  [
    'none of the callers is left',
    () => world.putCallers(),
    {
      asked: 3,
      failed: [
        'issue: status 401 UNAUTHENTICATED for status 201 and a token',
        'appCube: status 401 errorCode 990004010 for status 200 and a token',
      ],
    },
  ],
  [
    'none of the callers is left, and the prober has one key',
    () => {
      world.putCallers()
      world.putProber({ appCube: undefined })
    },
    { asked: 2, failed: ['issue: status 401 UNAUTHENTICATED for status 201 and a token'] },
  ],
  [
    'the prober’s own key has ended',
    () => world.putCallers({ ...world.callers.tokens, expiresAt: AGO }, world.callers.appCube),
    { asked: 3, refused: ['issue: status 401 UNAUTHENTICATED for status 201 and a token'] },
  ],
  [
    'the prober’s key may not revoke',
    () =>
      world.putCallers(
        { ...world.callers.tokens, scopes: ['enterprise-token:issue'] },
        world.callers.appCube,
      ),
    { asked: 5, refused: ['revoke: status 403 SCOPE_MISSING for status 200'] },
  ],
  [
    'the prober’s user is shut out',
    () =>
      world.dynamoDb.put(TABLE, [
        userItem({
          tenantSpaceId: 'prober',
          userId: 'prober-1',
          userName: 'Prober',
          status: 'disabled',
          epoch: 0,
        }),
      ]),
    { asked: 3, refused: ['issue: status 403 USER_DISABLED for status 201 and a token'] },
  ],
  [
    'the prober’s key for AppCube is another',
    () =>
      world.putProber({
        appCube: { callerKey: newCallerKey('a key that nobody lists'), appKey: 'oiap-202007159031' },
      }),
    { asked: 6, refused: ['appCube: status 401 errorCode 990004010 for status 200 and a token'] },
  ],
]

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

  it.each(FAULTS)('says what it finds when %s', { timeout: 30_000 }, async (_, begin, says) => {
    await begin()
    await world.restart()
    const { asked, failed = [], refused = [], vendorFailed = [] } = says
    const { summary, lines } = await world.probe()
    const told = summary.findings.map(({ step, expected, found }) => `${step}: ${found} for ${expected}`)
    expect(told).toEqual([...failed, ...refused, ...vendorFailed])
    const counts = { failed: failed.length, refused: refused.length, vendorFailed: vendorFailed.length }
    expect(summary).toMatchObject({ asked, ...counts })
    const loudness =
      failed.length > 0
        ? ['ERROR', 'PROBE_FAILED']
        : ['WARN', refused.length > 0 ? 'PROBE_REFUSED' : 'PROBE_VENDOR_FAILED']
    expect(
      lines.map(({ level, code, step, reason, expected }) => [level, code, step, reason, expected]),
    ).toEqual([
      ...summary.findings.map(({ step, found, expected }) => [...loudness, ...[step, found, expected]]),
      ['INFO', 'PROBE_DONE', undefined, undefined, undefined],
    ])
    expect(lines.at(-1)).toMatchObject({
      ...{ ProbeFailed: failed.length, ProbeRefused: refused.length },
      ProbeVendorFailed: vendorFailed.length,
    })
  })

  it('watches the route of CEC’s questions also where it is given no token', async () => {
    world.putCallers(world.callers.appCube)
    world.inPlaceOf('validateEnterpriseToken', retCode(6))
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
