import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { LOCAL_CALLER_KEY, LOCAL_TENANT, LOCAL_USER } from '../../tools/local/constants.ts'
import { freePort } from '../identity-providers/processes.ts'
import {
  accessClaims,
  accessHeader,
  agentClaims,
  agentHeader,
  base64url,
  claims,
  foreignKey,
  header,
  mint,
  mintHs256,
  privateKeyOf,
} from '../support/mint.ts'
import { run } from './process.ts'
import { missing, VERIFIERS } from './programs.ts'

const stage = inject('stage')
const signingKey = inject('signingKey')
const key = privateKeyOf(signingKey)
const iss = 'https://local.cec-token-bridge.invalid'
const NOW = Math.floor(Date.now() / 1000)

const enterprise = (changes: object = {}, headerChanges: object = {}, by = key): string =>
  mint(header(signingKey.kid, { ...headerChanges }), claims({ iss, ...changes }), by)

/** The payload says another name than the one that was signed. */
const tampered = (token: string): string => {
  const [head, payload = '', signature] = token.split('.')
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return [head, base64url({ ...said, name: 'Tim' }), signature].join('.')
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
  format: 'pem',
  type: 'spki',
})

/** Each is `enterprise()`, which is good, with one fault; and what each language says. */
const FAULTS: Readonly<Record<string, { token: string; Python: string; Java: string }>> = {
  'a payload that was tampered with': {
    token: tampered(enterprise()),
    Python: 'InvalidSignatureError',
    Java: 'Signed JWT rejected: Invalid signature',
  },
  "somebody else's signature": {
    token: enterprise({}, {}, foreignKey()),
    Python: 'InvalidSignatureError',
    Java: 'Signed JWT rejected: Invalid signature',
  },
  'another tenant': {
    token: enterprise({ aud: 'urn:cec:202007159032' }),
    Python: 'InvalidAudienceError',
    Java: 'JWT aud claim rejected',
  },
  'the audience of an agent': {
    token: enterprise({ aud: `urn:cec-agent:${LOCAL_TENANT}` }),
    Python: 'InvalidAudienceError',
    Java: 'JWT aud claim rejected',
  },
  'an end that has come': {
    token: enterprise({ iat: NOW - 300, exp: NOW }),
    Python: 'ExpiredSignatureError',
    Java: 'Expired JWT',
  },
  'another stage as issuer': {
    token: enterprise({ iss: 'https://other.cec-token-bridge.invalid' }),
    Python: 'InvalidIssuerError',
    Java: 'JWT iss claim value rejected',
  },
  'the type of an access token': {
    token: enterprise({}, { typ: 'at+jwt' }),
    Python: 'InvalidTokenError',
    Java: 'JOSE header typ (type) at+jwt not allowed',
  },
  'the type of any JWT': {
    token: enterprise({}, { typ: 'JWT' }),
    Python: 'InvalidTokenError',
    Java: 'JOSE header typ (type) JWT not allowed',
  },
  'no type': {
    token: enterprise({}, { typ: undefined }),
    Python: 'InvalidTokenError',
    Java: 'Required JOSE header typ (type) parameter is missing',
  },
  'a whole access token': {
    token: mint(accessHeader(signingKey.kid), accessClaims({ iss, aud: `${iss}/upstream` }), key),
    Python: 'InvalidTokenError',
    Java: 'JOSE header typ (type) at+jwt not allowed',
  },
  "a whole agent's token": {
    token: mint(agentHeader(signingKey.kid), agentClaims({ iss }), key),
    Python: 'InvalidTokenError',
    Java: 'JOSE header typ (type) cec-agent+jwt not allowed',
  },
  'an algorithm of its own choice': {
    token: mintHs256(header(signingKey.kid, { alg: 'HS256' }), claims({ iss }), `${rsa}`),
    Python: 'InvalidAlgorithmError',
    Java: 'Signed JWT rejected: Another algorithm expected, or no matching key(s) found',
  },
  'no algorithm': {
    token: `${base64url(header(signingKey.kid, { alg: 'none' }))}.${base64url(claims({ iss }))}.`,
    Python: 'InvalidAlgorithmError',
    Java: 'Invalid JWS header: Not a JWS header',
  },
  'no kid': {
    token: enterprise({}, { kid: undefined }),
    Python: 'PyJWKClientError',
    Java: 'kid is missing',
  },
  'a kid that is not published': {
    token: enterprise({}, { kid: 'A'.repeat(43) }),
    Python: 'PyJWKClientError',
    Java: 'Signed JWT rejected: Another algorithm expected, or no matching key(s) found',
  },
  'no end': {
    token: enterprise({ exp: undefined }),
    Python: 'MissingRequiredClaimError',
    Java: 'JWT missing required claims: [exp]',
  },
  'no user': {
    token: enterprise({ sub: undefined }),
    Python: 'MissingRequiredClaimError',
    Java: 'JWT missing required claims: [sub]',
  },
  'nothing of a token': {
    token: 'no-token',
    Python: 'DecodeError',
    Java: 'Invalid serialized unsecured/JWS/JWE object: Missing part delimiters',
  },
}

const GOOD = 'good: 10010001 Tom'

/** As the stage issues it. */
const issued = async (): Promise<string> => {
  const answer = await fetch(`${stage}/enterprise-tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${LOCAL_CALLER_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...LOCAL_USER, tenantSpaceId: LOCAL_TENANT }),
  })
  return ((await answer.json()) as { token: string }).token
}

describe.each(Object.entries(VERIFIERS) as ['Python' | 'Java', (typeof VERIFIERS)[string]][])(
  'examples: the verifier of enterprise tokens in %s',
  (language, program) => {
    const lack = missing(language, program.needs)
    const verdicts = new Map<string, string>()

    /** One run for all these tokens. */
    const judged = async (
      tokens: readonly string[],
      { tenant = LOCAL_TENANT, api = stage } = {},
    ): Promise<string[]> => {
      const input = tokens.map((token) => `${token}\n`).join('')
      return (await run(`${program.run} ${tenant}`, { API: api }, input)).trim().split('\n')
    }

    beforeAll(async () => {
      if (lack !== undefined) return
      await run(program.build ?? 'true')
      const tokens = Object.values(FAULTS).map(({ token }) => token)
      const said = await judged(tokens)
      for (const [index, token] of tokens.entries()) verdicts.set(token, said[index] ?? '')
    })
    beforeEach(({ skip }) => skip(lack !== undefined, lack))

    it('takes a token that the stage has issued, and refuses it once a letter of it differs', async () => {
      const token = await issued()

      const refusal = `refused: ${FAULTS['a payload that was tampered with']?.[language]}`
      expect(await judged([token, tampered(token)])).toEqual([GOOD, refusal])
    })

    it('refuses a good token for another tenant than its own', async () => {
      const refusal = FAULTS['another tenant']?.[language]
      expect(await judged([enterprise()], { tenant: '202007159032' })).toEqual([`refused: ${refusal}`])
      expect(await judged([enterprise()])).toEqual([GOOD])
    })

    it.each(Object.entries(FAULTS))('refuses a token with %s', (_, fault) => {
      expect(verdicts.get(fault.token)).toBe(`refused: ${fault[language]}`)
    })

    it('takes the same token without a fault, before and after each of them', async () => {
      const faulty = Object.values(FAULTS).map(({ token }) => token)
      const said = await judged(faulty.flatMap((token) => [enterprise(), token]))
      expect(said.filter((_, index) => index % 2 === 0)).toEqual(faulty.map(() => GOOD))
    })

    it('shows a name in any script', async () => {
      expect(await judged([enterprise({ sub: '张三', name: '张三' })])).toEqual(['good: 张三 张三'])
    })

    it('refuses nothing, and takes nothing, while the keys cannot be fetched', async () => {
      const api = `http://127.0.0.1:${await freePort()}`
      expect(await judged([enterprise()], { api })).toEqual(['unchecked: the keys cannot be fetched'])
    })
  },
)
