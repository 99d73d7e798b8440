/** What CEC remembers: apps, AccessTokens and chat tokens. In memory, gone with the process. */

import { randomBytes } from 'node:crypto'

/** A tenant's pair of keys, as its administrator finds it on CEC's pages. */
export interface CecApp {
  readonly appKey: string
  readonly appSecret: string
  readonly tenantSpaceId: string
}

export interface ChatSession {
  readonly tenantSpaceId: string
  readonly channelId: string
  readonly userId: string
}

interface AccessToken {
  readonly appKey: string
  expiresAt: number
}

interface ChatToken {
  readonly session: ChatSession
  readonly expiresAt: number
}

const HOUR_MS = 3_600_000

/** One session, one string: tenant, channel and user cannot run into each other. */
export const keyOf = ({ tenantSpaceId, channelId, userId }: ChatSession): string =>
  JSON.stringify([tenantSpaceId, channelId, userId])

export class CecState {
  readonly #now: () => Date
  readonly #newTokenEndsOlder: boolean
  readonly #apps = new Map<string, CecApp>()
  readonly #accessTokens = new Map<string, AccessToken>()
  readonly #chatTokens = new Map<string, ChatToken>()

  constructor(now: () => Date, newTokenEndsOlder: boolean) {
    this.#now = now
    this.#newTokenEndsOlder = newTokenEndsOlder
  }

  now(): number {
    return this.#now().getTime()
  }

  /** Registers an app, or changes its secret. */
  putApp(app: CecApp): void {
    this.#apps.set(app.appKey, app)
  }

  app(appKey: string): CecApp | undefined {
    return this.#apps.get(appKey)
  }

  issueAccessToken(appKey: string, seconds: number): string {
    if (this.#newTokenEndsOlder) {
      for (const token of this.#accessTokens.values()) {
        if (token.appKey === appKey) token.expiresAt = this.now()
      }
    }
    const value = randomBytes(32).toString('base64url')
    this.#accessTokens.set(value, { appKey, expiresAt: this.now() + seconds * 1000 })
    return value
  }

  /** The app of a living AccessToken. */
  appOfAccessToken(value: string): CecApp | undefined {
    const token = this.#accessTokens.get(value)
    return token && token.expiresAt > this.now() ? this.#apps.get(token.appKey) : undefined
  }

  endAccessToken(value: string): void {
    this.#accessTokens.delete(value)
  }

  /** Ends the session's older token: a tenant's user has one per channel. */
  issueChatToken(session: ChatSession): string {
    for (const [value, token] of this.#chatTokens) {
      if (keyOf(token.session) === keyOf(session)) this.#chatTokens.delete(value)
    }
    const { tenantSpaceId, channelId, userId } = session
    const content = { tenantSpaceId, channelId, userId, nonce: randomBytes(16).toString('hex') }
    const value = Buffer.from(JSON.stringify(content)).toString('base64')
    this.#chatTokens.set(value, { session, expiresAt: this.now() + HOUR_MS })
    return value
  }

  sessionOfChatToken(value: string): ChatSession | undefined {
    const token = this.#chatTokens.get(value)
    return token && token.expiresAt > this.now() ? token.session : undefined
  }
}
