import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { userItem } from '../../lib/directory/items.ts'
import { type ProbedWorld, startProbedWorld } from '../support/probed-world.ts'
import { newCallerKey, PREFIX, TABLE } from '../support/world.ts'

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
})
