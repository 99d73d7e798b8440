/** What the functions with service tokens share: the table, the memory before it, the breaker and outbound connections. */

import { circuitBreaker } from '../circuit-breaker/circuit-breaker.ts'
import { type Deadline, pause } from '../concurrency/deadline.ts'
import type { Log } from '../log.ts'
import { outbound } from '../outbound/outbound.ts'
import { TOKEN_STORE_KEY } from '../secrets/definitions.ts'
import type { SecretReader } from '../secrets/reader.ts'
import type { Runtime } from '../start/runtime.ts'
import type { Table } from '../table/table.ts'
import { tokensTable } from '../table/tokens-table.ts'
import { keyring } from '../token-cache/seal.ts'
import { tokenCache } from '../token-cache/token-cache.ts'

export interface ConnectionSettings {
  readonly TOKENS_TABLE: string
  readonly ALLOW_LOOPBACK_HTTP: boolean
}

export interface ConnectionDeps {
  readonly runtime: Pick<Runtime, 'now' | 'random' | 'newId'>
  readonly secrets: SecretReader
  readonly settings: ConnectionSettings
  readonly log: Log
  /** Default the table of the settings. */
  readonly table?: Table
}

export const connection = ({
  runtime: { now, random, newId },
  secrets,
  settings,
  log,
  table = tokensTable(settings.TOKENS_TABLE, now),
}: ConnectionDeps) => {
  const ring = async (deadline: Deadline) =>
    keyring((await secrets.read(TOKEN_STORE_KEY, { deadline })).value)
  const keyed = async (fingerprint: string, deadline: Deadline) => (await ring(deadline)).keyed(fingerprint)
  return {
    secrets,
    now,
    log,
    table,
    tokens: tokenCache({ table, keyring: ring, now, random, newId, pause, log }),
    breaker: circuitBreaker({ table, keyed, now, random, pause }),
    outbound: outbound({ now, random, allowLoopbackHttp: settings.ALLOW_LOOPBACK_HTTP }),
  }
}

export type Connection = ReturnType<typeof connection>
