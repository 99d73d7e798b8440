/** What `npm start` prints when it is ready: lines to paste into a shell, in that order. */

import type { VendorSystem } from '../../lib/vendors/registry.ts'
import { LOCAL_CALLER_KEY, LOCAL_CHANNEL, LOCAL_RTC_CHANNEL, LOCAL_TENANT, LOCAL_USER } from './constants.ts'
import { DOCS_PATH } from './docs-page.ts'

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
    ? '# no page may call from a browser; to let one in: npm start -- --param=corsOrigins=http://localhost:5173'
    : `# pages that may call from a browser: ${origins.join(', ')}`

export const controlLines = (controls: ReadyOptions['controls']): string =>
  controls.map(({ vendor, url }) => `# control of ${vendor}'s emulator: ${url}`).join('\n')

interface Example {
  readonly says: string
  readonly functionName: string
  /** The line, by the whole address of the route. */
  readonly line: (address: string, options: ReadyOptions) => string
}

const JSON_TYPE = `-H 'Content-Type: application/json'`
const KEY = `-H 'Authorization: Bearer ${LOCAL_CALLER_KEY}'`

/** A request of a back end with this body. */
const asked =
  (bodyOf: (options: ReadyOptions) => object): Example['line'] =>
  (address, options) =>
    `curl -s ${address} ${KEY} ${JSON_TYPE} -d '${JSON.stringify(bodyOf(options))}'`

/** Needs bash or zsh, curl and sed. The first line keeps its answer in a variable, the second takes the token out. */
const EXAMPLES: readonly Example[] = [
  {
    says: 'issue an enterprise token',
    functionName: 'issueEnterpriseToken',
    line: (address) => {
      const body = JSON.stringify({ ...LOCAL_USER, tenantSpaceId: LOCAL_TENANT })
      return `ISSUED=$(curl -si ${address} ${KEY} ${JSON_TYPE} -d '${body}'); printf '%s\\n' "$ISSUED"`
    },
  },
  {
    says: 'ask as CEC does whether it is ours',
    functionName: 'validateEnterpriseToken',
    line: (address) => {
      const body = JSON.stringify({ Token: 'TOKEN', ...LOCAL_USER, tenantSpaceId: LOCAL_TENANT })
      const token = `'"$(printf %s "$ISSUED" | sed -n 's/.*"token":"\\([^"]*\\)".*/\\1/p')"'`
      return `curl -s ${address} ${JSON_TYPE} -d '${body.replace('TOKEN', token)}'`
    },
  },
  { says: 'the public keys', functionName: 'jwks', line: (address) => `curl -s ${address}` },
  {
    says: "a chat token of CEC's",
    functionName: 'applyToken',
    line: asked(() => ({ ...LOCAL_USER, channelId: LOCAL_CHANNEL, locale: 'en' })),
  },
  {
    says: "an AppCube token of OIAP's",
    functionName: 'appCubeToken',
    line: asked(({ appKeyOf }) => ({ appKey: appKeyOf('oiap') })),
  },
  {
    says: 'a token of OIAP for third parties',
    functionName: 'oiapThirdPartyToken',
    line: asked(({ appKeyOf }) => ({ appKey: appKeyOf('oiap-third-party') })),
  },
  {
    says: "a live-message token of Alibaba's",
    functionName: 'liveMessageToken',
    line: asked(() => ({ DeviceId: 'browser-1', DeviceType: 'web', UserId: LOCAL_USER.userId })),
  },
  {
    says: "a token of Alibaba's new messaging",
    functionName: 'liveImToken',
    line: asked(() => ({ userId: LOCAL_USER.userId })),
  },
  {
    says: "a token for a channel of Alibaba's RTC",
    functionName: 'liveRtcToken',
    line: asked(() => ({ ChannelID: LOCAL_RTC_CHANNEL, UserID: LOCAL_USER.userId })),
  },
]

export const readyText = (options: ReadyOptions): string => {
  const { url, pathOf, controls, origins } = options
  const examples = EXAMPLES.map(
    ({ says, functionName, line }) => `# ${says}\n${line(url + pathOf(functionName), options)}`,
  )
  const pages = `# every route, its requests and its answers: ${url}${DOCS_PATH}`
  return `${readyLine(url)}\n\n${examples.join('\n')}\n\n${pages}\n${originLine(origins)}\n${controlLines(controls)}\n`
}
