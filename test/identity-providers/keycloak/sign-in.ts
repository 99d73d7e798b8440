/** What a browser does when a person signs in at Keycloak: it shows the form, sends it, and follows the redirect to the page. */

import { codeRequest, newBrowser } from '../browser.ts'

export interface Page {
  readonly client: string
  readonly scope: string
}

export interface Credentials {
  readonly username: string
  readonly password: string
}

export interface SignedIn {
  readonly code: string
  /** What proves that the code was asked for here (PKCE). */
  readonly verifier: string
}

/** Keycloak asks for name and password at once, or, in a realm with organisations, one after the other. */
const MOST_FORMS = 2

/** Throws where Keycloak lets nobody in, as a user that is disabled there. */
export const signedIn = async (issuer: string, page: Page, credentials: Credentials): Promise<SignedIn> => {
  const { query, verifier } = codeRequest({ client_id: page.client, scope: page.scope })
  const visit = newBrowser()
  let shown = await visit(`${issuer}/protocol/openid-connect/auth?${query}`)
  for (let forms = 0; forms < MOST_FORMS && shown.status === 200; forms++) {
    const action = /<form[^>]* action="([^"]+)"/.exec(await shown.text())?.[1]?.replaceAll('&amp;', '&')
    if (action === undefined) break
    shown = await visit(action, { method: 'POST', body: new URLSearchParams({ ...credentials }) })
  }
  const code = new URL(shown.headers.get('location') ?? issuer).searchParams.get('code')
  if (code === null) throw new Error(`Keycloak lets ${credentials.username} not in: status ${shown.status}`)
  return { code, verifier }
}
