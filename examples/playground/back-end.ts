/**
 * The back end of the playground, which the local stage runs below /playground/back-end. It does what a site's own back end does: it
 * keeps the caller key, knows its signed-in user, asks the API for that user, and keeps the tokens that are no user's own.
 */

const TENANT = { tenantSpaceId: '202007159031' }
const USERS = [
  { userId: '10010001', userName: 'Tom' },
  { userId: '张三', userName: '张三' },
] as const
const FOR_PAGE = {
  scopes: ['chat-token:issue', 'chat:relay', 'live-token:issue', 'rtc-token:issue'],
  rtcChannelIds: ['room-1'],
}
type User = (typeof USERS)[number]

export interface Place {
  readonly api: string
  readonly callerKey: string
  /** The tenant's key with OIAP, of either kind. */
  readonly appKeyOf: (system: 'oiap' | 'oiap-third-party') => string
  /** What an operator does with `npm run rotate`. */
  readonly rotate: () => Promise<object>
}

/** `cookie` is the request's header of that name. */
export type BackEnd = (route: string, body: object, cookie?: string) => Promise<Response>

export const backEnd = ({ api, callerKey, appKeyOf, rotate }: Place): BackEnd => {
  const sessions = new Map<string, User>()
  const ask = (path: string, body: object): Promise<Response> =>
    fetch(api + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${callerKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    })
  const askOiap = async (path: string, system: 'oiap' | 'oiap-third-party'): Promise<Response> => {
    const answer = await ask(`/oifde/rest${path}`, { appKey: appKeyOf(system) })
    const { authToken, ...others } = (await answer.json()) as { authToken?: string } // a real back end uses it now
    return Response.json(others, answer)
  }
  const routes = new Map<string, (user: User) => Promise<Response>>([
    ['enterprise-token', (user) => ask('/enterprise-tokens', { ...user, ...TENANT })],
    ['access-token', (user) => ask('/access-tokens', { ...user, ...TENANT, ...FOR_PAGE })],
    ['app-cube-token', () => askOiap('/appcube/api/getAppCubeToken', 'oiap')],
    ['third-party-token', () => askOiap('/api/gettoken', 'oiap-third-party')],
    ['revoke', ({ userId }) => ask('/enterprise-tokens/revocations', { userId, ...TENANT })],
    ['rotate', () => rotate().then(Response.json, ({ message }: Error) => refusal(409, message))],
  ])
  return async (route, body, cookie = '') => {
    if (route === 'sign-in') {
      const user = USERS.find(({ userId }) => 'userId' in body && body.userId === userId) // a real site asks for a password
      if (user === undefined) return refusal(401, 'no such user')
      const session = crypto.randomUUID()
      sessions.set(session, user)
      const headers = { 'set-cookie': `playground=${session}; Path=/playground; HttpOnly; SameSite=Strict` }
      return Response.json({ ...user, ...TENANT }, { headers })
    }
    const user = sessions.get(/(?:^|; )playground=([\w-]+)/.exec(cookie)?.[1] ?? '')
    if (user === undefined) return refusal(401, 'nobody is signed in')
    return routes.get(route)?.(user) ?? refusal(404, 'no such route')
  }
}

const refusal = (status: number, message: string): Response => Response.json({ message }, { status })
