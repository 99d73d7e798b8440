/** What `npm start` prints when it is ready: lines to paste into a shell, in that order. */

import type { VendorSystem } from '../../lib/vendors/registry.ts'
import { LOCAL_CALLER_KEY, LOCAL_CHANNEL, LOCAL_RTC_CHANNEL, LOCAL_TENANT, LOCAL_USER } from './constants.ts'
import { DOCS_PATH } from './docs-page.ts'
import { PLAYGROUND_PATH } from './playground/paths.ts'

export interface ReadyOptions {
  readonly url: string
  /** The path of a function's route. */
  readonly pathOf: (functionName: string) => string
  /** The local tenant's key with a vendor, which a caller must name. */
  readonly appKeyOf: (system: VendorSystem) => string
  /** Of the pages that may call from a browser. */
  readonly origins: readonly string[]
  /** Where the vendors' emulators are told to misbehave. */
  readonly controls: readonly { readonly vendor: string; readonly url: string }[]
}

export const readyLine = (url: string): string => `Ready: ${url} (stage local, Ctrl-C ends it)`

/** Which pages may call, or how to let one in. */
const originLine = (origins: readonly string[]): string =>
  origins.length === 0
    ? '# no other page may call from a browser. This lets one in: npm start -- --param=corsOrigins=http://localhost:5173'
    : `# pages that may call from a browser: ${origins.join(', ')}`

export const controlLines = (controls: ReadyOptions['controls']): string =>
  controls.map(({ vendor, url }) => `# control of the emulator of ${vendor}: ${url}`).join('\n')

interface Example {
  readonly says: string
  readonly functionName: string
  /** The line, by the whole address of the route. */
  readonly line: (address: string, options: ReadyOptions) => string
}

const JSON_TYPE = `-H 'Content-Type: application/json'`
const KEY = `-H 'Authorization: Bearer ${LOCAL_CALLER_KEY}'`

/** Ends an answer with a line break, so that the next prompt stands on a line of its own. */
const AND_BREAK = `-w '\\n'`

/** A request of a back end with this body. */
const asked =
  (bodyOf: (options: ReadyOptions) => object): Example['line'] =>
  (address, options) =>
    `curl -s ${address} ${KEY} ${JSON_TYPE} -d '${JSON.stringify(bodyOf(options))}' ${AND_BREAK}`

/** Keeps the whole answer in a variable of the shell, and shows it. */
const kept = (variable: string, call: string): string =>
  `${variable}=$(${call}); printf '%s\\n' "$${variable}"`

/** The member `token` of an answer that is kept. */
const tokenIn = (variable: string): string =>
  `$(printf %s "$${variable}" | sed -n 's/.*"token":"\\([^"]*\\)".*/\\1/p')`

const CHAT_TOKEN = `-H "ccmessaging-token: ${tokenIn('CHAT')}"`

/** A message of the user in the chat whose token an earlier line has kept. */
const said =
  (controlType: string, content: string): Example['line'] =>
  (address, options) => {
    const message = {
      ...{ controlType, channel: 'WEB', content, from: LOCAL_USER.userId, to: LOCAL_CHANNEL },
      ...{ mediaType: 'TEXT', sourceType: 'CUSTOMER', timestamp: 'NOW' },
    }
    const call = asked(() => message)(address, options).replace('NOW', `'"$(date +%s)000"'`)
    return `${call} ${CHAT_TOKEN}`
  }

/**
 * Needs bash or zsh, curl and sed. No comment has an apostrophe: zsh, which by itself takes a pasted comment for a command, would wait
 * for the second one. Some lines use what an earlier one has kept.
 */
const EXAMPLES: readonly Example[] = [
  {
    says: 'issue an enterprise token',
    functionName: 'issueEnterpriseToken',
    line: (address) => {
      const body = JSON.stringify({ ...LOCAL_USER, tenantSpaceId: LOCAL_TENANT })
      return kept('ISSUED', `curl -si ${address} ${KEY} ${JSON_TYPE} -d '${body}'`)
    },
  },
  {
    says: 'ask as CEC does whether it is ours',
    functionName: 'validateEnterpriseToken',
    line: (address) => {
      const body = JSON.stringify({ Token: 'TOKEN', ...LOCAL_USER, tenantSpaceId: LOCAL_TENANT })
      return `curl -s ${address} ${JSON_TYPE} -d '${body.replace('TOKEN', `'"${tokenIn('ISSUED')}"'`)}' ${AND_BREAK}`
    },
  },
  { says: 'the public keys', functionName: 'jwks', line: (address) => `curl -s ${address} ${AND_BREAK}` },
  {
    says: 'a token with which the page of this user may chat',
    functionName: 'issueAccessToken',
    line: asked(() => ({
      ...LOCAL_USER,
      tenantSpaceId: LOCAL_TENANT,
      scopes: ['chat-token:issue', 'chat:relay'],
    })),
  },
  {
    says: 'a chat token of CEC',
    functionName: 'applyToken',
    line: (address, options) =>
      kept(
        'CHAT',
        asked(() => ({ ...LOCAL_USER, channelId: LOCAL_CHANNEL, locale: 'en' }))(address, options),
      ),
  },
  { says: 'begin a chat with it', functionName: 'chatRelay', line: said('CONNECT', '') },
  { says: 'say something in it', functionName: 'chatRelay', line: said('CHAT', 'Good morning') },
  {
    says: 'and hear the answer',
    functionName: 'chatRelay',
    line: (address) => {
      const poll = address.replace(/send$/, 'poll')
      return `curl -s '${poll}?receiverId=${LOCAL_USER.userId}&channel=WEB' ${KEY} ${CHAT_TOKEN} ${AND_BREAK}`
    },
  },
  {
    says: 'an AppCube token of OIAP',
    functionName: 'appCubeToken',
    line: asked(({ appKeyOf }) => ({ appKey: appKeyOf('oiap') })),
  },
  {
    says: 'a token of OIAP for third parties',
    functionName: 'oiapThirdPartyToken',
    line: asked(({ appKeyOf }) => ({ appKey: appKeyOf('oiap-third-party') })),
  },
  {
    says: 'a live-message token of Alibaba',
    functionName: 'liveMessageToken',
    line: asked(() => ({ DeviceId: 'browser-1', DeviceType: 'web', UserId: LOCAL_USER.userId })),
  },
  {
    says: 'a token of the new messaging of Alibaba',
    functionName: 'liveImToken',
    line: asked(() => ({ userId: LOCAL_USER.userId })),
  },
  {
    says: 'a token for a channel of the RTC of Alibaba',
    functionName: 'liveRtcToken',
    line: asked(() => ({ ChannelID: LOCAL_RTC_CHANNEL, UserID: LOCAL_USER.userId })),
  },
]

/** What comes after the lines. */
const NEXT = [
  '# next: the whole loop, page and CEC included, in a second terminal: npm run chat-entry',
  '# next: a page that chats in a browser: README.md, Two commands',
  '# next: your own page and back end: docs/integrate.md, docs/integrate.zh-CN.md',
].join('\n')

export const readyText = (options: ReadyOptions): string => {
  const { url, pathOf, controls, origins } = options
  const examples = EXAMPLES.map(
    ({ says, functionName, line }) => `# ${says}\n${line(url + pathOf(functionName), options)}`,
  )
  const pages = [
    `# playground, every flow in a browser: ${url}${PLAYGROUND_PATH}`,
    `# every route, its requests and its answers: ${url}${DOCS_PATH}`,
  ].join('\n')
  return `${readyLine(url)}\n\n${examples.join('\n')}\n\n${pages}\n${NEXT}\n${originLine(origins)}\n${controlLines(controls)}\n`
}
