/** An emulator of Alibaba Cloud's Live API: GetMessageToken, its signature and its rate limit. */

import { type Call, header, type Reply } from '../call.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator.ts'
import { type Dialect, type Misbehaviours, throttled } from '../misbehaviours.ts'
import { ComputedTokens, type LiveApp } from './computed-tokens.ts'
import { errorReply, newRequestId, reply } from './errors.ts'
import { getMessageToken } from './get-message-token.ts'
import { type LiveKey, LiveKeys } from './keys.ts'

export type { LiveKey } from './keys.ts'

export interface LiveOptions extends EmulatorOptions {
  /** Per account, by the emulator's clock: one that stands still never gives a new second. Default 100. */
  readonly callsPerSecond?: number | undefined
}

export interface LiveEmulator extends Emulator {
  /** Registers an AccessKey, or changes everything about it. */
  putKey(key: LiveKey): void
  removeKey(accessKeyId: string): void
  /** Registers an application whose tokens are computed by its customer. */
  putApp(app: LiveApp): void
}

/** Starts a Live API without AccessKeys. */
export const startLiveEmulator = async (options: LiveOptions = {}): Promise<LiveEmulator> => {
  const { now = () => new Date(), callsPerSecond = 100 } = options
  const keys = new LiveKeys(now, callsPerSecond)
  const computed = new ComputedTokens(now)
  const answers: Readonly<Record<string, (call: Call) => Reply>> = {
    GetMessageToken: (call) => getMessageToken(call, keys),
    imLogin: (call) => computed.imLogin(call),
    rtcJoin: (call) => computed.rtcJoin(call),
  }
  const emulator = await startEmulator(
    {
      calls: Object.keys(answers),
      name: nameOf,
      answer: (call) => answers[call.name]?.(call) ?? unknown(call),
      unknown,
      dialect,
      misbehaviours: misbehaviours(now),
    },
    options,
  )
  return {
    ...emulator,
    putKey: (key) => keys.put(key),
    removeKey: (id) => keys.remove(id),
    putApp: (app) => computed.putApp(app),
  }
}

const BY_PATH: Readonly<Record<string, string>> = { '/im/login': 'imLogin', '/rtc/join': 'rtcJoin' }

const nameOf = (call: Omit<Call, 'name'>): string | undefined => {
  if (call.method !== 'POST') return undefined
  if (call.path !== '/') return BY_PATH[call.path]
  return header(call, 'x-acs-action') === 'GetMessageToken' ? 'GetMessageToken' : undefined
}

const unknown = (call: Call): Reply =>
  errorReply(call, {
    status: 404,
    code: 'InvalidAction.NotFound',
    message: 'Specified api is not found, please check your url and method.',
  })

const dialect: Dialect = {
  error: (
    call,
    { status, code = status >= 500 ? 'InternalError' : 'InvaildParameter', message, headers },
  ) => {
    const name = code === 'throttled' ? 'Throttling.User' : String(code)
    return errorReply(call, { status, code: name, message }, headers)
  },
  tokens: { GetMessageToken: ['Result', 'AccessToken'] },
  lifetimes: { GetMessageToken: ['Result', 'AccessTokenExpiredTime'] },
  optional: {},
  failureInside: (call, code = 'InternalError') =>
    reply(call, {
      root: 'GetMessageTokenResponse',
      content: { RequestId: newRequestId(), Code: String(code), Message: 'failed' },
    }),
  throttledStatus: 400,
}

const misbehaviours = (now: () => Date): Misbehaviours => ({
  'throttled-acs-retry-after': {
    run: (call, settings) =>
      throttled(dialect, { call, settings, headers: { 'x-acs-retry-after': String(settings.ms ?? 1000) } }),
  },
  'throttled-ratelimit': {
    run: (call, settings) => {
      const { ms = 1000 } = settings
      const hint = `Limit:100,Remain:0,TimeLeft:${ms},Reset:${now().getTime() + ms}`
      return throttled(dialect, { call, settings, headers: { 'x-ratelimit-user-api': hint } })
    },
  },
})
