/** One running stage for the whole suite, with keys that the suite knows, so that it can sign tokens of every fault. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import type { PrivateJwk } from '../../lib/schemas/key-secrets.ts'
import { firstKeyRing, keyIn } from '../../lib/signing-keys/key-ring.ts'
import { JWKS_SECRET, LOCAL_CALLER_KEY, SIGNING_KEY_SECRET } from '../../tools/local/constants.ts'
import { startServer } from '../e2e/server.ts'
import { DESCRIPTORS } from '../support/descriptors.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the stage, without a slash at the end. */
    stage: string
    /** What signs the stage's tokens. */
    signingKey: PrivateJwk
  }
}

/** How many tokens one user may have in a minute: few enough to reach, and more than a test needs. */
export const TOKENS_A_MINUTE = 12

export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const { signingKey, jwks } = await firstKeyRing(new Date())
  const folder = mkdtempSync(join(tmpdir(), 'examples-'))
  const secretsFile = join(folder, 'secrets.json')
  writeFileSync(secretsFile, JSON.stringify({ [SIGNING_KEY_SECRET]: signingKey, [JWKS_SECRET]: jwks }))
  const params = { issuesPerUserAndMinute: String(TOKENS_A_MINUTE) }
  const server = await startServer({ secretsFile, params }).finally(() => rmSync(folder, { recursive: true }))
  await loaded(server.url)
  const active = keyIn(signingKey, 'active')
  if (active === undefined) throw new Error('expected an active key in a first ring')
  provide('stage', server.url)
  provide('signingKey', active)
  return () => server.stop()
}

/** Each function is loaded by its first call, which on a busy machine takes longer than a back end waits. */
const loaded = async (stage: string): Promise<void> => {
  const authorization = `Bearer ${LOCAL_CALLER_KEY}`
  for (const { name, endpoints } of DESCRIPTORS) {
    const [method = '', path = ''] = endpoints[0].split(' ')
    for (let tries = 1; ; tries += 1) {
      const { status } = await fetch(stage + path, { method, headers: { authorization } })
      if (status < 500) break
      if (tries === 3) throw new Error(`${name} answers ${status}`)
    }
  }
}
