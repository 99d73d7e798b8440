/** A browser and a page, as far as a sign-in needs them. */

import { createHash, randomBytes } from 'node:crypto'

/** Where every sign-in leads back to. Nobody is asked there. */
export const REDIRECT = 'https://www.example.com/signed-in'

/** One request, which shows the redirect that it is answered with. */
export type Visit = (url: string, init?: RequestInit) => Promise<Response>

/** Keeps the cookies of one provider. */
export const newBrowser = (): Visit => {
  const cookies = new Map<string, string>()
  return async (url, init = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      cookies.set(name, value)
    }
    return response
  }
}

/** What a page asks a provider for: a code, with PKCE. `changes` are the client, the scope, and what else a provider takes. */
export const codeRequest = (changes: Readonly<Record<string, string>>) => {
  const verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    response_type: 'code',
    redirect_uri: REDIRECT,
    nonce: randomBytes(8).toString('hex'),
    state: randomBytes(8).toString('hex'),
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    ...changes,
  })
  return { query, verifier }
}
