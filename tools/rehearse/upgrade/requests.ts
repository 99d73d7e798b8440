/** What is asked while releases change, and what each answer must be: callers, pages and CEC go on as if nothing happened. */

import { VALIDATE_ENTERPRISE_TOKEN } from '../../../lib/routes.ts'
import { LOCAL_CHANNEL, LOCAL_OTHER_USER, LOCAL_TENANT, LOCAL_USER } from '../../local/constants.ts'
import type { ApiAnswer } from '../api.ts'
import { endpointOf } from '../endpoint.ts'
import { expect } from '../step.ts'
import { bodyOf, callAs, type World } from '../steps/world.ts'
import type { Job } from './load.ts'

/** What earlier answers have given, for later requests. */
export interface Given {
  /** Every enterprise token of the first user since the load began: none of them ends while it lasts. */
  readonly tokens: string[]
  /** Of the first release, as all that follows: a page goes on with them. Of the first user, for the chat. */
  readonly accessToken: string
  /** CEC ends a user's chat token with the next one: nobody asks for another one of the first user. */
  readonly chatToken: string
  /** Of the second user, whose page asks for chat tokens. */
  readonly otherAccessToken: string
  /** By token, of whom all were revoked before the load began. */
  readonly revoked: string
}

const VALID = '{"retCode":0,"message":"validate success"}'
const [VALIDATE] = VALIDATE_ENTERPRISE_TOKEN.endpoints
const VALIDATE_PATH = VALIDATE.slice(VALIDATE.indexOf('/'))

export interface Person {
  readonly userId: string
  readonly userName: string
}

/** CEC's question. */
export const question = ({ stage }: World, Token: string, person: Person = LOCAL_USER): Promise<ApiAnswer> =>
  stage.call({
    method: 'POST',
    path: VALIDATE_PATH,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Token, ...person, tenantSpaceId: LOCAL_TENANT }),
  })

export const issueFor = async (world: World, person: Person): Promise<string> => {
  const body = { ...person, tenantSpaceId: LOCAL_TENANT }
  return bodyOf<{ token: string }>(await callAs(world, 'POST /enterprise-tokens', body), 201).token
}

/** Throws unless CEC is told this number. */
export const expectRetCode = ({ status, text }: ApiAnswer, retCode: number): void => {
  const isRight =
    status === 200 &&
    (retCode === 0 ? text === VALID : (JSON.parse(text) as { retCode: number }).retCode === retCode)
  expect(isRight, `expected retCode ${retCode}, got ${status}: ${text}`)
}

const expectToken = (answer: ApiAnswer): string => {
  const { token } = bodyOf<{ token?: unknown }>(answer, 200)
  expect(typeof token === 'string' && token.length > 0, `expected a token, got ${answer.text}`)
  return token
}

const chatMessage = () => ({
  ...{ controlType: 'CONNECT', channel: 'WEB', content: '', from: LOCAL_USER.userId, to: LOCAL_CHANNEL },
  ...{ mediaType: 'TEXT', sourceType: 'CUSTOMER', timestamp: String(Date.now()) },
})
const applyFor = (person: Person) => ({ ...person, channelId: LOCAL_CHANNEL, locale: 'en' })
/** Of a back end alone. */
const THIRD_USER: Person = { userId: '10010004', userName: 'Eve' }
export const APP_CUBE_PATH = '/oifde/rest/appcube/api/getAppCubeToken'
/** The tenant's account with OIAP. */
export const appKeyOf = ({ vendorSecrets = {} }: World): string =>
  (vendorSecrets['oiap'] as { readonly appKey?: string } | undefined)?.appKey ?? ''
const BASE = '/apiaccess/ccmessaging'

/** The requests, in an order in which each finds what it needs. */
export const jobs = (world: World, given: Given): readonly Job[] => {
  let asked = 0
  /** In turn, the oldest ones too. */
  const someToken = () => given.tokens[asked++ % given.tokens.length] ?? ''
  const asPage = async (accessToken: string, endpoint: string, body?: object) => {
    const { method, path } = endpointOf(endpoint)
    return world.stage.call({
      ...{ method, path: BASE + path },
      headers: {
        ...{ authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        'ccmessaging-token': given.chatToken,
      },
      body: body && JSON.stringify(body),
    })
  }
  return [
    {
      name: 'issue',
      ask: async () => void given.tokens.push(await issueFor(world, LOCAL_USER)),
    },
    {
      name: 'validate the newest token',
      ask: async () => expectRetCode(await question(world, given.tokens.at(-1) ?? ''), 0),
    },
    {
      name: 'validate tokens of before',
      ask: async () => expectRetCode(await question(world, someToken()), 0),
    },
    {
      name: 'validate for another user',
      ask: async () => expectRetCode(await question(world, someToken(), LOCAL_OTHER_USER), 4),
    },
    {
      name: 'validate what was revoked',
      ask: async () => expectRetCode(await question(world, given.revoked, LOCAL_OTHER_USER), 5),
    },
    {
      name: 'chat token for a back end',
      ask: async () => void expectToken(await callAs(world, `POST ${BASE}/applyToken`, applyFor(THIRD_USER))),
    },
    {
      name: 'chat token for a page, by a token of the first release',
      ask: async () => {
        const body = applyFor(LOCAL_OTHER_USER)
        expectToken(await asPage(given.otherAccessToken, 'POST /applyToken', body))
      },
    },
    {
      name: 'chat: send',
      ask: async () => void bodyOf(await asPage(given.accessToken, 'POST /send', chatMessage()), 200),
    },
    {
      name: 'chat: poll',
      ask: async () => {
        const path = `/poll?receiverId=${LOCAL_USER.userId}&channel=WEB`
        bodyOf(await asPage(given.accessToken, `GET ${path}`), 200)
      },
    },
    {
      name: 'AppCube token',
      ask: async () => {
        bodyOf(await callAs(world, `POST ${APP_CUBE_PATH}`, { appKey: appKeyOf(world) }), 200)
      },
    },
    {
      name: 'public keys',
      ask: async () => {
        const answer = await world.stage.call({ method: 'GET', path: '/.well-known/jwks.json' })
        expect(bodyOf<{ keys: object[] }>(answer, 200).keys.length > 1, `expected keys, got ${answer.text}`)
      },
    },
    {
      name: 'an unknown caller key',
      ask: async () => {
        const stranger = { ...world, callerKey: `ctb_${'A'.repeat(43)}` }
        bodyOf(await callAs(stranger, 'POST /enterprise-tokens', { ...LOCAL_USER }), 401)
      },
    },
  ]
}
