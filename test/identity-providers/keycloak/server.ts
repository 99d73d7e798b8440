/** A real Keycloak of this test's own: a copy of what .ci/keycloak installed, with its database, in a temporary folder. */

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { secret } from '../../support/canary.ts'
import { freePort, type ProviderProcess, startProvider } from '../processes.ts'

/** What .ci/keycloak makes. */
const INSTALLED = join(import.meta.dirname, '../../../.ci/tools/keycloak')

export interface Keycloak {
  /** Without a slash at its end. Keycloak takes its issuer from the address that it was asked at. */
  readonly url: string
  /** One call of the admin API, such as `POST`, `/shop/clients`. Gives the parsed answer, if there is one. */
  readonly admin: <T>(method: string, path: string, body?: unknown) => Promise<T>
  /** Ends the server. Its database stays. */
  readonly stop: () => Promise<void>
  /** Starts it again, at the same address. */
  readonly start: () => Promise<void>
  /** Ends the server and removes its folder. */
  readonly close: () => Promise<void>
}

/** Prepares a server; `start` starts it, and `close` is due even when that fails. */
export const newKeycloak = async (): Promise<Keycloak> => {
  if (!existsSync(INSTALLED))
    throw new Error('Keycloak is not installed: run .ci/keycloak (it needs Java 17 and Maven).')
  const folder = await mkdtemp(join(tmpdir(), 'keycloak-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const password = secret('password of the administrator', randomBytes(18).toString('base64url'))
  let server: ProviderProcess | undefined
  let token: string | undefined

  const stop = async (): Promise<void> => {
    await server?.stop()
    server = undefined
    token = undefined
  }
  const tokenOfAdmin = async (): Promise<string> => {
    const response = await fetch(`${url}/realms/master/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'password',
        client_id: 'admin-cli',
        username: 'admin',
        password,
      }),
    })
    return secret(
      'token of the administrator',
      ((await response.json()) as { access_token: string }).access_token,
    )
  }
  const admin: Keycloak['admin'] = async <T>(method: string, path: string, body?: unknown) => {
    token ??= await tokenOfAdmin()
    const response = await fetch(`${url}/admin/realms${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  await cp(INSTALLED, folder, { recursive: true })
  return {
    url,
    admin,
    stop,
    start: async () => {
      server = await startProvider({
        command: join(folder, 'bin/kc.sh'),
        args: [
          'start',
          '--optimized',
          '--cache=local',
          '--http-enabled=true',
          '--hostname-strict=false',
          '--http-host=127.0.0.1',
          `--http-port=${port}`,
        ],
        env: {
          KC_BOOTSTRAP_ADMIN_USERNAME: 'admin',
          KC_BOOTSTRAP_ADMIN_PASSWORD: password,
          JAVA_OPTS_APPEND: `-Djava.io.tmpdir=${folder}`,
        },
        folder,
        readyUrl: `${url}/realms/master`,
      })
      // Else the administrator's token ends after a minute.
      await admin('PUT', '/master', { accessTokenLifespan: 3_600 })
      token = undefined
    },
    close: async () => {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
