/** The requests that a start asks of itself, by who asks. Each ends at a user or a tenant that does not exist. */

import type { HttpEvent } from '../http/exchange.ts'
import type { Endpoint, RouteDescriptor } from '../http/route.ts'
import { ACCESS_TOKEN_TYPE, AGENT_TOKEN_TYPE, TOKEN_TYPE } from '../jwt/format.ts'
import { accessAudience } from '../schemas/access-token.ts'
import { AGENT_AUDIENCE_PREFIX } from '../schemas/agent-token.ts'
import { AUDIENCE_PREFIX } from '../schemas/enterprise-token.ts'
import type { PrimingRequests } from './primed.ts'
import { NOBODY, NOWHERE, type ThrowAway } from './throw-away.ts'

const HOLDER = { sub: NOBODY, name: NOBODY }

/** A good token of a user that does not exist: the directory is asked, and says so. */
export const enterpriseTokenOfNobody = (route: RouteDescriptor): PrimingRequests => ({
  route,
  events: async ({ token }) => {
    const Token = await token(TOKEN_TYPE, { ...HOLDER, aud: AUDIENCE_PREFIX + NOWHERE })
    return [event(route, { body: { Token, userId: NOBODY, userName: NOBODY, tenantSpaceId: NOWHERE } })]
  },
})

/** The same of an agent's token. An agent needs no entry, so the answer is a good one. */
export const agentTokenOfNobody = (route: RouteDescriptor): PrimingRequests => ({
  route,
  events: async ({ token }) => {
    const access_token = await token(AGENT_TOKEN_TYPE, { sub: NOBODY, aud: AGENT_AUDIENCE_PREFIX + NOWHERE })
    return [event(route, { body: { access_token, userAccount: NOBODY, tenantSpaceId: NOWHERE } })]
  },
})

/** What is asked, beside who asks. */
interface Asked {
  readonly body?: object
  readonly query?: Readonly<Record<string, string>>
  /** Default the route's first one. */
  readonly endpoint?: Endpoint
  readonly headers?: Readonly<Record<string, string>>
}

/** Anybody. */
export const byAnybody = (route: RouteDescriptor, asked: Asked = {}): PrimingRequests => ({
  route,
  events: async () => [event(route, asked)],
})

/** A back end with a key, for a tenant that does not exist. */
export const byBackEnd = (route: RouteDescriptor, ...asked: readonly Asked[]): PrimingRequests => ({
  route,
  events: async (own) => asked.map((one) => event(route, one, own.callerKey)),
})

/** The same, and a page whose access token names a user that does not exist. */
export const byPageAndBackEnd = (route: RouteDescriptor, ...asked: readonly Asked[]): PrimingRequests => ({
  route,
  events: async (own, issuer) => {
    const accessToken = await accessTokenOfNobody(own, route, issuer)
    const [first = {}] = asked
    return [event(route, first, accessToken), ...asked.map((one) => event(route, one, own.callerKey))]
  },
})

const accessTokenOfNobody = ({ token }: ThrowAway, { access }: RouteDescriptor, issuer: string) =>
  token(ACCESS_TOKEN_TYPE, {
    ...HOLDER,
    aud: accessAudience(issuer),
    tenantSpaceId: NOWHERE,
    scope: access,
    ...(access === 'rtc-token:issue' ? { rtcChannelIds: [NOWHERE] } : {}),
    client_id: NOBODY,
  })

/** As API Gateway sends it, as far as anything here reads it. */
const event = (
  { endpoints: [first] }: RouteDescriptor,
  { body, query, endpoint = first, headers = {} }: Asked,
  credential?: string,
): HttpEvent =>
  ({
    headers: {
      'content-type': 'application/json',
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(query === undefined ? {} : { queryStringParameters: query }),
    routeKey: endpoint,
    requestContext: { http: { method: endpoint.split(' ')[0], sourceIp: '127.0.0.1' } },
    isBase64Encoded: false,
  }) as unknown as HttpEvent
