/** What `npm start` prints when it is ready: lines to paste into a shell, in that order. */

import { LOCAL_CALLER_KEY, LOCAL_CHANNEL, LOCAL_TENANT, LOCAL_USER } from './constants.ts'

export interface Routes {
  readonly issue: string
  readonly validate: string
  readonly jwks: string
  readonly applyToken: string
  readonly appCubeToken: string
  readonly liveMessageToken: string
}

export interface ReadyOptions {
  readonly url: string
  readonly routes: Routes
  /** The tenant's key with OIAP, which a caller must name. */
  readonly oiapAppKey: string
  /** Of the pages that may call from a browser. */
  readonly origins: readonly string[]
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

/** Needs bash or zsh, curl and sed. The first line keeps its answer in a variable, the second takes the token out. */
const curlLines = ({ url, routes, oiapAppKey }: ReadyOptions) => {
  const json = `-H 'Content-Type: application/json'`
  const key = `-H 'Authorization: Bearer ${LOCAL_CALLER_KEY}'`
  const issueBody = JSON.stringify({ ...LOCAL_USER, tenantSpaceId: LOCAL_TENANT })
  const validateBody = JSON.stringify({ Token: 'TOKEN', ...LOCAL_USER, tenantSpaceId: LOCAL_TENANT })
  const token = `'"$(printf %s "$ISSUED" | sed -n 's/.*"token":"\\([^"]*\\)".*/\\1/p')"'`
  const applyBody = JSON.stringify({ ...LOCAL_USER, channelId: LOCAL_CHANNEL, locale: 'en' })
  const oiapBody = JSON.stringify({ appKey: oiapAppKey })
  const liveBody = JSON.stringify({ DeviceId: 'browser-1', DeviceType: 'web', UserId: LOCAL_USER.userId })
  return {
    issue: `ISSUED=$(curl -si ${url}${routes.issue} ${key} ${json} -d '${issueBody}'); printf '%s\\n' "$ISSUED"`,
    validate: `curl -s ${url}${routes.validate} ${json} -d '${validateBody.replace('TOKEN', token)}'`,
    jwks: `curl -s ${url}${routes.jwks}`,
    applyToken: `curl -s ${url}${routes.applyToken} ${key} ${json} -d '${applyBody}'`,
    appCubeToken: `curl -s ${url}${routes.appCubeToken} ${key} ${json} -d '${oiapBody}'`,
    liveMessageToken: `curl -s ${url}${routes.liveMessageToken} ${key} ${json} -d '${liveBody}'`,
  }
}

export const readyText = (options: ReadyOptions): string => {
  const lines = curlLines(options)
  return `${readyLine(options.url)}

# issue an enterprise token
${lines.issue}
# ask as CEC does whether it is ours
${lines.validate}
# the public keys
${lines.jwks}
# a chat token of CEC's
${lines.applyToken}
# an AppCube token of OIAP's
${lines.appCubeToken}
# a live-message token of Alibaba's
${lines.liveMessageToken}

${originLine(options.origins)}
${controlLines(options.controls)}
`
}
