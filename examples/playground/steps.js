/** The steps beside the chat: what the page asks of its back end, of CEC and of the stage. */

import { accessTokens } from './client.js'
import { clear, clock, element, made, say, withCutTexts } from './show.js'

/** @typedef {import('./show.js').TextKey} TextKey */
/** @typedef {{ userId: string, userName: string, tenantSpaceId: string }} User */

const LIMIT_MS = 30_000

/**
 * The members of an answer. Throws its status and message, unless `isGood` says otherwise.
 * @param {string} path
 * @param {object} body
 * @param {{ headers?: Record<string, string>, isGood?: (status: number) => boolean }} [options]
 */
const ask = async (path, body, { headers = {}, isGood = (status) => status < 300 } = {}) => {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(LIMIT_MS),
  })
  const members = await answer.json()
  if (isGood(answer.status)) return members
  const { message, errorMsg, exceptionInfo, Message, code, errorCode, Code } = members
  const told = [answer.status, code ?? errorCode ?? Code, message ?? errorMsg ?? exceptionInfo ?? Message]
  throw Object.assign(new Error(told.filter(Boolean).join(' ')), { status: answer.status })
}

/** @param {string} route @param {object} [body] */
export const askBackEnd = (route, body = {}) => ask(`/playground/back-end/${route}`, body)

export const TOKEN_SOURCE = '/playground/back-end/access-token'
let tokens = accessTokens(TOKEN_SOURCE)
/** Another user has signed in: a token that is kept would be the former user's. */
export const forgetTokens = () => {
  tokens = accessTokens(TOKEN_SOURCE)
}

/**
 * Asks the stage with the access token of the page's user, and once more with the next one where that is refused.
 * @param {string} path
 * @param {object} body
 */
const askStage = async (path, body) => {
  const signal = AbortSignal.timeout(LIMIT_MS)
  const ofUser = tokens
  const token = await ofUser.get(signal)
  const headers = (/** @type {string} */ value) => ({ authorization: `Bearer ${value}` })
  return ask(path, body, { headers: headers(token) }).catch(async (error) => {
    if (error.status !== 401) throw error
    return ask(path, body, { headers: headers(await ofUser.get(signal, token)) })
  })
}

/**
 * Does a step, and shows what comes of it. `run` says the outcome itself.
 * @param {HTMLElement} result
 * @param {() => Promise<void>} run
 */
export const step = async (result, run) => {
  say(result, 'working')
  result.classList.remove('bad')
  await run().catch((error) => {
    say(result, error.text ?? 'failed', error.message)
    result.classList.add('bad')
  })
}

/**
 * Shows the claims of a token of the page's own user. It stays in the page's memory.
 * @param {string} token
 */
export const showClaims = (token) => {
  const claims = token
    .split('.', 2)
    .flatMap((part) => Object.entries(JSON.parse(new TextDecoder().decode(bytesOf(part)))))
  const table = element('claims', HTMLTableElement)
  table.tBodies[0]?.replaceChildren(...claims.map(([name, value]) => rowOf(name, value)))
  table.hidden = false
}

/** @param {string} base64url */
const bytesOf = (base64url) =>
  Uint8Array.from(atob(base64url.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0))

const TIMES = ['iat', 'exp', 'nbf']

/** @param {string} name @param {unknown} value */
const rowOf = (name, value) => {
  const row = made('tr')
  const head = made('th', name)
  head.scope = 'row'
  const time = TIMES.includes(name) ? ` (${new Date(Number(value) * 1000).toLocaleTimeString('en-GB')})` : ''
  row.append(head, made('td', `${typeof value === 'object' ? JSON.stringify(value) : value}${time}`))
  return row
}

/**
 * Enters as CEC's page object does, and shows what CEC was told.
 * @param {User} user
 * @param {object} thirdUserData
 */
export const enter = async ({ tenantSpaceId }, thirdUserData) => {
  const result = element('entry-result', HTMLParagraphElement)
  const isGood = (/** @type {number} */ status) => status === 200 || status === 403
  const decision = await ask('/playground/cec/chat-entry', { thirdUserData, tenantSpaceId }, { isGood })
  const { admitted, retCode, message } = decision
  say(result, admitted ? 'entry.in' : 'entry.out')
  const item = made('li', `${clock(Date.now())}  retCode ${retCode}: ${message}`, admitted ? 'good' : 'bad')
  element('entries', HTMLOListElement).append(item)
}

/**
 * Alibaba's messaging takes fewer characters in an id than CEC does.
 * @param {string} path
 * @param {object} body
 */
const askMessaging = (path, body) =>
  askStage(path, body).catch((error) => {
    throw error.status === 400 ? Object.assign(error, { text: 'vendors.badId' }) : error
  })

/** The vendors' tokens: who asks for one, and how. @type {[name: string, ask: (user: User) => Promise<object>][]} */
const VENDORS = [
  ['OIAP AppCube', () => askBackEnd('app-cube-token')],
  ['OIAP gettoken', () => askBackEnd('third-party-token')],
  [
    'Alibaba Live',
    ({ userId }) =>
      askMessaging('/live/GetMessageToken', { DeviceId: 'browser-1', DeviceType: 'web', UserId: userId }),
  ],
  ['Alibaba IM', ({ userId }) => askMessaging('/live/MessageToken', { userId })],
  ['Alibaba RTC', ({ userId }) => askStage('/live/RtcToken', { ChannelID: 'room-1', UserID: userId })],
]

/** @param {() => User} user */
export const addVendors = (user) => {
  const name = element('vendor-name', HTMLParagraphElement)
  const shown = element('vendor-answer', HTMLPreElement)
  element('vendors', HTMLParagraphElement).append(
    ...VENDORS.map(([vendor, askVendor]) => {
      const button = Object.assign(made('button', vendor), { type: 'button', disabled: true })
      button.onclick = () =>
        step(name, async () => {
          shown.hidden = true
          const asked = user()
          const answer = await askVendor(asked)
          if (user() !== asked) return
          shown.textContent = withCutTexts(answer)
          shown.hidden = false
          clear(name).textContent = vendor
        })
      return button
    }),
  )
}
