/**
 * Where tokens end that Alibaba has its customers compute: signing in to interactive messaging, and entering an RTC channel. The
 * real clients do both within their SDKs; only what is checked is Alibaba's, the addresses and answers are made up.
 */

import { createHash } from 'node:crypto'
import * as z from 'zod'
import { type Call, json, type Reply } from '../call.ts'

/** An application of interactive messaging, or of RTC, which has no sign. */
export interface LiveApp {
  readonly appId: string
  readonly appKey: string
  readonly appSign?: string | undefined
}

const DAY_SECONDS = 86_400
const Nonce = z.string().regex(/^[A-Za-z0-9_]{0,64}$/)

const ImLogin = z.strictObject({
  app_id: z.string(),
  app_sign: z.string(),
  app_token: z.string(),
  auth: z.strictObject({
    user_id: z.string().regex(/^[A-Za-z0-9_]{1,64}$/),
    nonce: Nonce,
    timestamp: z.int(),
    role: z.enum(['admin', '']),
  }),
})

const RtcJoin = z.strictObject({
  AppID: z.string(),
  ChannelID: z.string().min(1),
  UserID: z.string().min(1),
  Nonce,
  Timestamp: z.int(),
  Token: z.string(),
})

export class ComputedTokens {
  readonly #now: () => Date
  readonly #apps = new Map<string, LiveApp>()

  constructor(now: () => Date) {
    this.#now = now
  }

  putApp(app: LiveApp): void {
    this.#apps.set(app.appId, app)
  }

  imLogin({ fields }: Call): Reply {
    const { data } = ImLogin.safeParse(fields)
    if (data === undefined) return refused('malformed')
    const { user_id, nonce, timestamp, role } = data.auth
    const app = this.#apps.get(data.app_id)
    if (app?.appSign === undefined || app.appSign !== data.app_sign) return refused('unknown application')
    if (timestamp <= this.#seconds()) return refused('expired')
    const token = hash(app.appId, app.appKey, user_id, nonce, timestamp, role)
    return token === data.app_token ? json(200, { user_id, role }) : refused('wrong token')
  }

  rtcJoin({ fields }: Call): Reply {
    const { data } = RtcJoin.safeParse(fields)
    if (data === undefined) return refused('malformed')
    const { ChannelID, UserID, Timestamp } = data
    const app = this.#apps.get(data.AppID)
    if (app === undefined) return refused('unknown application')
    if (Timestamp <= this.#seconds()) return refused('expired')
    if (Timestamp > this.#seconds() + DAY_SECONDS) return refused('too long a life')
    const token = hash(app.appId, app.appKey, ChannelID, UserID, data.Nonce, Timestamp)
    return token === data.Token ? json(200, { ChannelID, UserID }) : refused('wrong token')
  }

  #seconds(): number {
    return this.#now().getTime() / 1000
  }
}

const hash = (...fields: readonly (string | number)[]): string =>
  createHash('sha256').update(fields.join('')).digest('hex')

const refused = (reason: string): Reply => json(403, { reason })
