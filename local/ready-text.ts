/** What `npm start` prints when it is ready: lines to paste into a shell, in that order. */

import { LOCAL_CALLER_KEY, LOCAL_TENANT, LOCAL_USER } from './constants.ts'

export interface Routes {
  readonly issue: string
  readonly validate: string
  readonly jwks: string
}

export const readyLine = (url: string): string => `Ready: ${url} (stage local, Ctrl-C ends it)`

/** Needs bash or zsh, curl and sed. The first line keeps its answer in a variable, the second takes the token out. */
export const curlLines = (url: string, routes: Routes): string[] => {
  const json = `-H 'Content-Type: application/json'`
  const issueBody = JSON.stringify({ ...LOCAL_USER, tenantSpaceId: LOCAL_TENANT })
  const validateBody = JSON.stringify({ Token: 'TOKEN', ...LOCAL_USER, tenantSpaceId: LOCAL_TENANT })
  const token = `'"$(printf %s "$ISSUED" | sed -n 's/.*"token":"\\([^"]*\\)".*/\\1/p')"'`
  return [
    `ISSUED=$(curl -si ${url}${routes.issue} -H 'Authorization: Bearer ${LOCAL_CALLER_KEY}' ${json} -d '${issueBody}'); printf '%s\\n' "$ISSUED"`,
    `curl -s ${url}${routes.validate} ${json} -d '${validateBody.replace('TOKEN', token)}'`,
    `curl -s ${url}${routes.jwks}`,
  ]
}

export const readyText = (url: string, routes: Routes): string => {
  const [issue, validate, jwks] = curlLines(url, routes)
  return `${readyLine(url)}

# issue an enterprise token
${issue}
# ask as CEC does whether it is ours
${validate}
# the public keys
${jwks}
`
}
