import { beforeAll, describe, expect, it } from 'vitest'
import { calls, fresh, GOOD, useApplyTokenWorld, world } from '../support/apply-token-world.ts'
import { call, callersSecret, newCallerKey, PREFIX, type RequestParts, TENANT } from '../support/world.ts'

useApplyTokenWorld()

describe('the tenant of a vendor route', () => {
  const OTHER = '202007159032'
  const keys = { two: newCallerKey('key for two tenants') }
  beforeAll(() => {
    world.vendors.addTenant(OTHER)
    world.secretsManager.put(
      `${PREFIX}/callers`,
      callersSecret([
        { callerId: 'shop', key: world.callerKey, scopes: ['chat-token:issue'] },
        { callerId: 'two', key: keys.two, scopes: ['chat-token:issue'], tenants: [TENANT, OTHER, 'bare'] },
      ]),
    )
    world.putSettings('cec', {}, OTHER)
  })
  const named = (tenant?: string): RequestParts => ({
    headers: {
      authorization: `Bearer ${keys.two}`,
      ...(tenant === undefined ? {} : { 'X-Tenant-Space-Id': tenant }),
    },
    body: GOOD,
  })

  it.each([
    ['must be named when a caller has several', undefined, 400, 'TENANT_UNNAMED'],
    ['may be either when named', OTHER, 200, 'CHAT_TOKEN_ISSUED'],
    ['must be one of the caller’s', '202007159033', 403, 'TENANT_FORBIDDEN'],
    ['must have settings for the system', 'bare', 404, 'TENANT_WITHOUT_SYSTEM'],
  ])('%s', async (_, tenant, status, code) => {
    const answer = await call(world, await fresh(), named(tenant))
    expect([answer.status, answer.line.code]).toEqual([status, code])
  })

  it('is named in CEC’s words when it lacks the system', async () => {
    const { body } = await call(world, await fresh(), named('bare'))
    expect(body).toEqual({ errorCode: '990004042', exceptionInfo: 'this tenant has no settings for CEC' })
  })

  it('names a malformed secret of the tenant in the log, and nothing of it outside', async () => {
    world.secretsManager.put(`${PREFIX}/tenants/${OTHER}/cec`, { tokenUrl: 'no url' })
    const { status, body, line } = await call(world, await fresh(), named(OTHER))
    expect([status, body.errorCode, line.code]).toEqual([503, '990005030', 'SECRET_MALFORMED'])
    expect(line).toMatchObject({
      secret: `${PREFIX}/tenants/${OTHER}/cec`,
      field: 'tokenUrl',
      expected: 'expected an https URL such as "https://host.example"',
    })
    world.putSettings('cec', {}, OTHER)
  })

  it.each([
    ['denied', 'AccessDeniedException'],
    ['disabled', 'InvalidRequestException'],
    ['pending-deletion', 'InvalidRequestException'],
    ['gone', 'DecryptionFailure'],
  ] as const)('is told that it is KMS where the key of its secret is %s', async (fault, reason) => {
    const key = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
    const name = `${PREFIX}/tenants/${OTHER}/cec`
    world.secretsManager.encrypt(name, key, fault)
    const { status, body, line } = await call(world, await fresh(), named(OTHER))
    expect([status, body.errorCode, line.code]).toEqual([503, '990005036', 'TENANT_KMS_REFUSED'])
    expect(body.exceptionInfo).toMatch(/^KMS does not decrypt .* parameter secretsKmsKeyArns/)
    expect(line).toMatchObject({ level: 'ERROR', secret: name, reason })
    // the twin: the same secret under the same key, with the right to use it
    world.secretsManager.encrypt(name, key)
    expect((await call(world, await fresh(), named(OTHER))).status).toBe(200)
  })

  it('lacks the system where Secrets Manager denies what does not exist', async () => {
    const sandbox = await fresh()
    await call(world, sandbox, { headers: world.authorization })
    const denied = { kind: 'error', status: 400, type: 'AccessDeniedException', times: 1 } as const
    world.secretsManager.fail({ ...denied, action: 'GetSecretValue' })
    expect((await call(world, sandbox, named(TENANT))).line).toMatchObject({
      code: 'TENANT_WITHOUT_SYSTEM',
      reason: 'AccessDeniedException',
    })
  })

  it('never shares an AccessToken with another', async () => {
    const sandbox = await fresh()
    await call(world, sandbox, named(TENANT))
    await call(world, sandbox, named(OTHER))
    expect(calls()).toEqual([2, 2])
  })
})
