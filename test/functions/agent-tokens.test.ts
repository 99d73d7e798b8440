import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { SCOPES } from '../../lib/schemas/callers.ts'
import { secret } from '../support/canary.ts'
import { backEndWith } from '../support/pages.ts'
import { AGENT, agentQuestion, question } from '../support/refusals.ts'
import { call, callersSecret, PREFIX, startWorld, TENANT, USER, type World } from '../support/world.ts'

let world: World
let issue: HttpHandler
let validate: HttpHandler
let revoke: HttpHandler
let issueVisitor: HttpHandler
let validateVisitor: HttpHandler
let headers: Record<string, string>

beforeAll(async () => {
  world = await startWorld()
  const { callerKey, secretsManager } = world
  secretsManager.put(
    `${PREFIX}/callers`,
    callersSecret([{ callerId: 'shop', key: callerKey, scopes: SCOPES }]),
  )
  headers = { authorization: `Bearer ${callerKey}` }
  const runtime = world.runtime()
  issue = (await import('../../functions/issue-agent-token.ts')).issueAgentToken(runtime)
  validate = (await import('../../functions/validate-agent-token.ts')).validateAgentToken(runtime)
  revoke = (await import('../../functions/revoke-enterprise-tokens.ts')).revokeEnterpriseTokens(runtime)
  issueVisitor = (await import('../../functions/issue-enterprise-token.ts')).issueEnterpriseToken(runtime)
  validateVisitor = (await import('../../functions/validate-enterprise-token.ts')).validateEnterpriseToken(
    runtime,
  )
})
afterAll(() => world.close())

/** What is revoked is refused within a second: half of it is memory, by the process's own clock. */
const A_SECOND_MS = 1_000
const inForce = () => new Promise((done) => setTimeout(done, A_SECOND_MS))

const issued = async (userAccount = AGENT) => {
  const { body } = await call(world, issue, { headers, body: { userAccount, tenantSpaceId: TENANT } })
  return secret('agent token', body.token as string)
}
const visitorToken = async (user: { readonly userId: string; readonly userName: string } = USER) => {
  const { body } = await call(world, issueVisitor, { headers, body: { ...user, tenantSpaceId: TENANT } })
  return secret('enterprise token', body.token as string)
}
const verdict = async (token: string, changes: object = {}) => {
  const { body, line } = await call(world, validate, { body: agentQuestion(token, { ...changes }) })
  return [body.retCode, line.code]
}
const visitorVerdict = async (token: string, changes: object = {}) => {
  const { body, line } = await call(world, validateVisitor, { body: question(token, { ...changes }) })
  return [body.retCode, line.code]
}
const revoked = (body: object) => call(world, revoke, { headers, body: { tenantSpaceId: TENANT, ...body } })

const GOOD = [0, 'AGENT_TOKEN_VALID']
const REVOKED = [5, 'TOKEN_REVOKED']

describe('POST /agent-tokens', () => {
  it('gives a back end a token for an agent that the directory does not know', async () => {
    const { status, body, line } = await call(world, issue, {
      headers,
      body: { userAccount: AGENT, tenantSpaceId: TENANT },
    })

    expect(status).toBe(201)
    expect(body).toEqual({
      token: expect.any(String),
      expiresAt: expect.stringMatching(/Z$/),
      expiresIn: 300,
    })
    expect(line).toMatchObject({ code: 'AGENT_TOKEN_ISSUED', callerId: 'shop', userId: AGENT })
    expect(await verdict(body.token)).toEqual(GOOD)
  })

  it('claims who it is about and for which tenant, and no name', async () => {
    const [head, claims] = (await issued())
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString())

    expect(JSON.parse(head ?? '').typ).toBe('cec-agent+jwt')
    expect(JSON.parse(claims ?? '')).toEqual({
      iss: expect.any(String),
      aud: `urn:cec-agent:${TENANT}`,
      sub: AGENT,
      jti: expect.any(String),
      ver: '0.0',
      iat: expect.any(Number),
      exp: expect.any(Number),
    })
  })

  it('needs the scope agent-token:issue', async () => {
    const body = { userAccount: AGENT, tenantSpaceId: TENANT }
    const { issueAgentToken } = await import('../../functions/issue-agent-token.ts')
    const asked = async (...scopes: readonly string[]) => {
      const caller = backEndWith(world, scopes)
      return (await call(world, issueAgentToken(world.runtime()), { headers: caller, body })).line.code
    }

    expect(await asked('enterprise-token:issue')).toBe('SCOPE_MISSING')
    expect(await asked('agent-token:issue')).toBe('AGENT_TOKEN_ISSUED')
  })

  it('counts an agent and a visitor of one id apart, so many in a minute', async () => {
    const { issueAgentToken } = await import('../../functions/issue-agent-token.ts')
    const env = { ...process.env, ISSUES_PER_USER_AND_MINUTE: '1' }
    const sandbox = issueAgentToken(world.runtime({ env }))
    const body = { userAccount: 'counted', tenantSpaceId: TENANT }
    const codes = []
    for (let n = 0; n < 3; n += 1) codes.push((await call(world, sandbox, { headers, body })).line.code)

    expect(codes).toContain('RATE_EXCEEDED')
    const other = await call(world, sandbox, { headers, body: { ...body, userAccount: 'counted-too' } })
    expect(other.line.code).toBe('AGENT_TOKEN_ISSUED')
  })
})

describe('POST …/thirdPartyValidate', () => {
  it.each([
    ['another account', { userAccount: 'a102' }, [4, 'TOKEN_USER_DIFFERS']],
    ['the account in another case', { userAccount: 'A101' }, [4, 'TOKEN_USER_DIFFERS']],
    ['another tenant', { tenantSpaceId: '202007159032' }, [4, 'TOKEN_TENANT_DIFFERS']],
    ['no account', { userAccount: undefined }, [1, 'BODY_INVALID']],
    ['no token', { access_token: undefined }, [1, 'BODY_INVALID']],
    ['a visitor’s member for the token', { access_token: undefined, Token: 'x' }, [1, 'BODY_INVALID']],
  ])('refuses %s', async (_, changes, expected) => {
    const token = await issued()

    expect(await verdict(token, changes)).toEqual(expected)
    expect(await verdict(token)).toEqual(GOOD)
  })

  it('refuses a visitor’s token, and the visitors’ route an agent’s', async () => {
    await world.putUser({ userId: AGENT, userName: AGENT })
    const visitor = await visitorToken({ userId: AGENT, userName: AGENT })
    const agent = await issued()

    expect(await verdict(visitor)).toEqual([2, 'TOKEN_HEADER_UNKNOWN'])
    expect(await visitorVerdict(agent, { userId: AGENT, userName: AGENT })).toEqual([
      2,
      'TOKEN_HEADER_UNKNOWN',
    ])
    expect(await visitorVerdict(visitor, { userId: AGENT, userName: AGENT })).toEqual([0, 'TOKEN_VALID'])
    expect(await verdict(agent)).toEqual(GOOD)
  })

  it('takes a body whatever its type says, as the visitors’ route does', async () => {
    const { body } = await call(world, validate, {
      headers: { 'content-type': 'text/plain' },
      body: agentQuestion(await issued(), { more: 1 }),
    })

    expect(body).toEqual({ retCode: 0, message: 'validate success' })
  })
})

describe('POST /enterprise-tokens/revocations, of agents', () => {
  it('ends every token of an agent that nothing else knows, and later ones are good', async () => {
    const old = await issued('leaver')
    const colleague = await issued('stays')
    expect(await verdict(old, { userAccount: 'leaver' })).toEqual(GOOD)
    const answer = await revoked({ userAccount: 'leaver' })
    await inForce()

    expect([answer.status, answer.line.code, answer.line.userId]).toEqual([200, 'TOKENS_REVOKED', 'leaver'])
    expect(await verdict(old, { userAccount: 'leaver' })).toEqual(REVOKED)
    expect(await verdict(await issued('leaver'), { userAccount: 'leaver' })).toEqual(GOOD)
    expect(await verdict(colleague, { userAccount: 'stays' })).toEqual(GOOD)
  })

  it('ends nothing of a visitor of the same id, nor a visitor’s revocation an agent’s', async () => {
    const both = { userId: 'both', userName: 'both' }
    await world.putUser(both)
    const [visitor, agent] = [await visitorToken(both), await issued('both')]
    await revoked({ userAccount: 'both' })
    await inForce()
    expect(await visitorVerdict(visitor, both)).toEqual([0, 'TOKEN_VALID'])
    expect(await verdict(agent, { userAccount: 'both' })).toEqual(REVOKED)

    const next = await issued('both')
    await revoked({ userId: 'both' })
    await inForce()
    expect(await visitorVerdict(visitor, both)).toEqual([5, 'TOKEN_REVOKED'])
    expect(await verdict(next, { userAccount: 'both' })).toEqual(GOOD)
  })

  it('ends one token by its jti, and all of a tenant', async () => {
    const [one, other] = [await issued('by-jti'), await issued('by-jti')]
    const { jti } = JSON.parse(Buffer.from(one.split('.')[1] ?? '', 'base64url').toString())
    await revoked({ jti })
    await inForce()
    expect(await verdict(one, { userAccount: 'by-jti' })).toEqual(REVOKED)
    expect(await verdict(other, { userAccount: 'by-jti' })).toEqual(GOOD)

    await revoked({ all: true })
    await inForce()
    expect(await verdict(other, { userAccount: 'by-jti' })).toEqual(REVOKED)
    expect(await verdict(await issued('by-jti'), { userAccount: 'by-jti' })).toEqual(GOOD)
  })

  it.each([
    ['a user and an agent', { userId: '10010001', userAccount: AGENT }],
    ['an agent and a token', { userAccount: AGENT, jti: 'A'.repeat(22) }],
    ['an empty account', { userAccount: '' }],
  ])('refuses %s', async (_, body) => {
    expect((await revoked(body)).line.code).toBe('BODY_INVALID')
    expect((await revoked({ userAccount: 'nobody' })).status).toBe(200)
  })
})
