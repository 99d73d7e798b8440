/** What a browser does when a person signs in at Keycloak: it shows the form, sends it, and follows the redirect to the page. */

import { createHash, randomBytes } from 'node:crypto'

export const REDIRECT = 'https://www.example.com/signed-in'

export interface SignedIn {
  readonly code: string
  /** What proves that the code was asked for here (PKCE). */
  readonly verifier: string
}

/** Throws where Keycloak lets nobody in, as a user that is disabled there. */
export const signedIn = async (
  issuer: string,
  client: string,
  credentials: { readonly username: string; readonly password: string },
): Promise<SignedIn> => {
  const verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    client_id: client,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: REDIRECT,
    nonce: randomBytes(8).toString('hex'),
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  })
  const shown = await fetch(`${issuer}/protocol/openid-connect/auth?${query}`, { redirect: 'manual' })
  const action = /<form[^>]* action="([^"]+)"/.exec(await shown.text())?.[1]?.replaceAll('&amp;', '&')
  if (action === undefined) throw new Error(`Keycloak shows no form: status ${shown.status}`)
  const cookie = shown.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ')
  const sent = await fetch(action, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie },
    body: new URLSearchParams(credentials),
  })
  const code = new URL(sent.headers.get('location') ?? issuer).searchParams.get('code')
  if (code === null) throw new Error(`Keycloak lets ${credentials.username} not in: status ${sent.status}`)
  return { code, verifier }
}
