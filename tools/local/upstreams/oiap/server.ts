/** An emulator of OIAP's two calls for a token. Each has its own passwords, and locks its own accounts. */

import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator.ts'
import type { Dialect } from '../misbehaviours.ts'
import { type OiapAccount, OiapAccounts } from './accounts.ts'
import { CODES, failure, getToken } from './get-token.ts'

export type { OiapAccount } from './accounts.ts'

export interface OiapOptions extends EmulatorOptions {
  /** Seconds that a token is said to live; default 3600, the documented default. */
  readonly expireTime?: number | undefined
  /** Wrong secrets in a row that lock an account; default 5. The real number is unknown. */
  readonly lockAfter?: number | undefined
}

/** One of the two calls: an account of the one knows nothing of the other's. */
export interface OiapInterface {
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

/** Itself it is getAppCubeToken, with the API password. */
export interface OiapEmulator extends Emulator, OiapInterface {
  /** gettoken, with the third-party password. */
  readonly thirdParty: OiapInterface
}

const PATHS = {
  getAppCubeToken: '/oifde/rest/appcube/api/getAppCubeToken',
  gettoken: '/oifde/rest/api/gettoken',
} as const
type Name = keyof typeof PATHS
const NAMES = Object.keys(PATHS) as Name[]
const ofEach = <Value>(make: (name: Name) => Value): Readonly<Record<Name, Value>> => ({
  getAppCubeToken: make('getAppCubeToken'),
  gettoken: make('gettoken'),
})

/** Starts an OIAP without accounts. */
export const startOiapEmulator = async (options: OiapOptions = {}): Promise<OiapEmulator> => {
  const { expireTime = 3600, lockAfter = 5 } = options
  const accounts = ofEach(() => new OiapAccounts(lockAfter))
  const emulator = await startEmulator(
    {
      calls: NAMES,
      name: ({ path }) => NAMES.find((name) => PATHS[name] === path),
      answer: (call) => getToken(call, accounts[call.name as Name], expireTime),
      dialect,
      misbehaviours: {},
      counters: () => ({ wrongSecrets: ofEach((name) => accounts[name].wrongSecrets()) }),
      resetCounters: () => {
        for (const name of NAMES) accounts[name].resetCounters()
      },
    },
    options,
  )
  const interfaceOf = (name: Name): OiapInterface => ({
    tokenUrl: `${emulator.url}${PATHS[name]}`,
    putAccount: (account) => accounts[name].put(account),
    wrongSecrets: (appKey) => accounts[name].wrongSecrets(appKey),
    isLocked: (appKey) => accounts[name].isLocked(appKey),
    unlock: (appKey) => accounts[name].unlock(appKey),
  })
  return { ...emulator, ...interfaceOf('getAppCubeToken'), thirdParty: interfaceOf('gettoken') }
}

const dialect: Dialect = {
  // No code of this interface means throttling, so it shows in the status alone.
  error: (_call, { status, code, message, headers }) => {
    const reply = failure(code === undefined || code === 'throttled' ? CODES.internal : code, message, status)
    return { ...reply, headers: { ...reply.headers, ...headers } }
  },
  tokens: ofEach(() => ['authToken']),
  lifetimes: ofEach(() => ['expireTime']),
  optional: ofEach(() => ['errorMsg', 'expireTime']),
  failureInside: (_call, code = CODES.internal) => failure(code, 'failed'),
}
