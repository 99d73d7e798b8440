/** An emulator of OIAP's interface for AppCube: one call, and an account that locks. */

import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator.ts'
import type { Dialect } from '../misbehaviours.ts'
import { type OiapAccount, OiapAccounts } from './accounts.ts'
import { CODES, failure, getAppCubeToken } from './get-app-cube-token.ts'

export type { OiapAccount } from './accounts.ts'

export interface OiapOptions extends EmulatorOptions {
  /** Seconds that a token is said to live; default 3600, the documented default. */
  readonly expireTime?: number | undefined
  /** Wrong secrets in a row that lock an account; default 5. The real number is unknown. */
  readonly lockAfter?: number | undefined
}

export interface OiapEmulator extends Emulator {
  /** For a secret's `url`: the whole address of the call. */
  readonly tokenUrl: string
  /** Registers an account, or changes its secret, which leaves a lock in place. */
  putAccount(account: OiapAccount): void
  /** Attempts with a wrong secret since the start or `resetCalls`, also on a locked account; of one key, or of all. */
  wrongSecrets(appKey?: string): number
  isLocked(appKey: string): boolean
  /** What an administrator would do; nothing else opens a lock. */
  unlock(appKey: string): void
}

const PATH = '/oifde/rest/appcube/api/getAppCubeToken'

/** Starts an OIAP without accounts. */
export const startOiapEmulator = async (options: OiapOptions = {}): Promise<OiapEmulator> => {
  const { expireTime = 3600, lockAfter = 5 } = options
  const accounts = new OiapAccounts(lockAfter)
  const emulator = await startEmulator(
    {
      calls: ['getAppCubeToken'],
      name: ({ path }) => (path === PATH ? 'getAppCubeToken' : undefined),
      answer: (call) => getAppCubeToken(call, accounts, expireTime),
      dialect,
      misbehaviours: {},
      counters: () => ({ wrongSecrets: accounts.wrongSecrets() }),
      resetCounters: () => accounts.resetCounters(),
    },
    options,
  )
  return {
    ...emulator,
    tokenUrl: `${emulator.url}${PATH}`,
    putAccount: (account) => accounts.put(account),
    wrongSecrets: (appKey) => accounts.wrongSecrets(appKey),
    isLocked: (appKey) => accounts.isLocked(appKey),
    unlock: (appKey) => accounts.unlock(appKey),
  }
}

const dialect: Dialect = {
  // No code of this interface means throttling, so it shows in the status alone.
  error: (_call, { status, code, message, headers }) => {
    const reply = failure(code === undefined || code === 'throttled' ? CODES.internal : code, message, status)
    return { ...reply, headers: { ...reply.headers, ...headers } }
  },
  tokens: { getAppCubeToken: ['authToken'] },
  lifetimes: { getAppCubeToken: ['expireTime'] },
  optional: { getAppCubeToken: ['errorMsg', 'expireTime'] },
  failureInside: (_call, code = CODES.internal) => failure(code, 'failed'),
}
