/** An emulator of Alibaba Cloud's Live API: GetMessageToken, its signature and its rate limit. */

import { header } from '../call.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator.ts'
import { type Dialect, type Misbehaviours, throttled } from '../misbehaviours.ts'
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
}

/** Starts a Live API without AccessKeys. */
export const startLiveEmulator = async (options: LiveOptions = {}): Promise<LiveEmulator> => {
  const { now = () => new Date(), callsPerSecond = 100 } = options
  const keys = new LiveKeys(now, callsPerSecond)
  const emulator = await startEmulator(
    {
      calls: ['GetMessageToken'],
      name: (call) =>
        call.method === 'POST' && call.path === '/' && header(call, 'x-acs-action') === 'GetMessageToken'
          ? 'GetMessageToken'
          : undefined,
      answer: (call) => getMessageToken(call, keys),
      unknown: (call) =>
        errorReply(call, {
          status: 404,
          code: 'InvalidAction.NotFound',
          message: 'Specified api is not found, please check your url and method.',
        }),
      dialect,
      misbehaviours: misbehaviours(now),
    },
    options,
  )
  return { ...emulator, putKey: (key) => keys.put(key), removeKey: (id) => keys.remove(id) }
}

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
    reply(call, 200, 'GetMessageTokenResponse', {
      RequestId: newRequestId(),
      Code: String(code),
      Message: 'failed',
    }),
  throttledStatus: 400,
}

const misbehaviours = (now: () => Date): Misbehaviours => ({
  'throttled-acs-retry-after': {
    run: (call, settings) =>
      throttled(dialect, call, settings, { 'x-acs-retry-after': String(settings.ms ?? 1000) }),
  },
  'throttled-ratelimit': {
    run: (call, settings) => {
      const { ms = 1000 } = settings
      const hint = `Limit:100,Remain:0,TimeLeft:${ms},Reset:${now().getTime() + ms}`
      return throttled(dialect, call, settings, { 'x-ratelimit-user-api': hint })
    },
  },
})
