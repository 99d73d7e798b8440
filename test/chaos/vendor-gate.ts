/**
 * Stands before the vendors' emulators, as their addresses in the tenants' secrets: passes everything on, knows every
 * token that was issued, and can hold calls for a token until it is told to let them go.
 */

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { type LocalRequest, startHttpServer } from '../../tools/local/http-server.ts'
import type { Upstreams } from '../../tools/local/upstreams/upstreams.ts'
import { secret } from '../support/canary.ts'

export type MachineSystem = 'cec' | 'oiap'

const MACHINE_SYSTEMS: readonly MachineSystem[] = ['cec', 'oiap']

/** A token that the vendor has issued. */
export interface Issued {
  readonly system: MachineSystem
  readonly tenantSpaceId: string
  readonly sha256: string
  /** By the vendor's clock, epoch milliseconds. */
  readonly expiresAt: number
  /** When its answer was taken, in the machine's time; undefined while it is held, and for a client that is gone. */
  deliveredAt: number | undefined
}

/** A call that was made with an AccessToken. */
export interface Bearer {
  readonly tenantSpaceId: string
  readonly sha256: string
  readonly status: number
  /** By the vendor's clock. */
  readonly at: number
}

export interface Hold {
  /** When so many calls are being held. */
  readonly reached: (count: number) => Promise<void>
  readonly waiting: () => number
  readonly release: () => void
}

export interface VendorGate {
  readonly tokenUrl: Readonly<Record<MachineSystem, string>>
  readonly applyTokenUrl: string
  /** Calls for a token, refused ones included: by a tenant, or by all. */
  readonly fetches: (system: MachineSystem, tenantSpaceId?: string) => number
  /** Calls for a token that are not answered yet. */
  readonly underWay: () => number
  readonly issued: readonly Issued[]
  readonly bearers: readonly Bearer[]
  /**
   * Holds the next calls for a token, `most` of them (default all). `asked`: the vendor has not heard of them yet;
   * `answered`: it has, and its answer is held.
   */
  readonly hold: (stage: 'asked' | 'answered', most?: number) => Hold
  /** Lets go whatever is being held. */
  readonly open: () => void
  readonly close: () => Promise<void>
}

const PATHS = { cec: '/cec/tokenByAkSk', oiap: '/oiap/getAppCubeToken', apply: '/cec/applyToken' } as const

export const startVendorGate = async (
  vendors: Upstreams,
  tenantOfKey: (appKey: string) => string,
  now: () => number,
): Promise<VendorGate> => {
  const issued: Issued[] = []
  const bearers: Bearer[] = []
  const fetches: { readonly system: MachineSystem; readonly tenantSpaceId: string }[] = []
  let underWay = 0
  let held: ReturnType<typeof newHold> | undefined

  const pass = async (url: string, { method, headers, body }: LocalRequest): Promise<Passed> => {
    const names = ['content-type', 'accept', 'authorization', 'x-app-key', 'x-token-expire']
    const passed = names.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : []))
    const answer = await fetch(url, {
      method,
      headers: Object.fromEntries(passed),
      body: new Uint8Array(body),
    })
    const type = answer.headers.get('content-type') ?? 'text/plain'
    return { status: answer.status, type, text: await answer.text() }
  }

  const fetchToken = async (system: MachineSystem, request: LocalRequest, response: ServerResponse) => {
    const asked = JSON.parse(request.body.toString())
    const tenantSpaceId = tenantOfKey(system === 'cec' ? asked.app_key : asked.appKey)
    fetches.push({ system, tenantSpaceId })
    const hold = held?.takes() ? held : undefined
    if (hold?.stage === 'asked') await hold.held()
    const url = system === 'cec' ? vendors.cec.tokenUrl : vendors.oiap.tokenUrl
    const at = now()
    const answer = await pass(url, request).catch(() => undefined)
    const token = answer && issuedIn(system, answer)
    const entry: Issued | undefined = token && {
      system,
      tenantSpaceId,
      sha256: sha256(secret(`${system} token of ${tenantSpaceId}`, token.value)),
      expiresAt: at + token.seconds * 1000,
      deliveredAt: undefined,
    }
    if (entry !== undefined) issued.push(entry)
    if (hold?.stage === 'answered') await hold.held()
    if (await send(response, answer)) {
      if (entry !== undefined) entry.deliveredAt = Date.now()
    }
  }

  const handle = async (request: LocalRequest, response: ServerResponse): Promise<void> => {
    const system = MACHINE_SYSTEMS.find((known) => PATHS[known] === request.url)
    if (system !== undefined) {
      underWay += 1
      await fetchToken(system, request, response).finally(() => {
        underWay -= 1
      })
      return
    }
    const at = now()
    const answer = await pass(vendors.cec.applyTokenUrl, request).catch(() => undefined)
    bearers.push({
      tenantSpaceId: tenantOfKey(String(request.headers['x-app-key'])),
      sha256: sha256(String(request.headers.authorization).replace(/^Bearer /, '')),
      status: answer?.status ?? 0,
      at,
    })
    await send(response, answer)
  }

  const server = await startHttpServer({ handle })
  return {
    tokenUrl: { cec: server.url + PATHS.cec, oiap: server.url + PATHS.oiap },
    applyTokenUrl: server.url + PATHS.apply,
    fetches: (system, tenantSpaceId) =>
      fetches.filter(
        (fetch) =>
          fetch.system === system && (tenantSpaceId === undefined || fetch.tenantSpaceId === tenantSpaceId),
      ).length,
    underWay: () => underWay,
    issued,
    bearers,
    hold: (stage, most = Number.POSITIVE_INFINITY) => {
      const hold = newHold(stage, most)
      held = hold
      return { reached: hold.reached, waiting: hold.waiting, release: hold.release }
    },
    open: () => held?.release(),
    close: async () => {
      held?.release()
      await server.close()
    },
  }
}

interface Passed {
  readonly status: number
  readonly type: string
  readonly text: string
}

const newHold = (stage: 'asked' | 'answered', most: number) => {
  const released = Promise.withResolvers<void>()
  let isReleased = false
  let taken = 0
  let waiting = 0
  const watchers: (() => void)[] = []
  return {
    stage,
    takes: (): boolean => {
      if (isReleased || taken >= most) return false
      taken += 1
      return true
    },
    held: async (): Promise<void> => {
      waiting += 1
      for (const look of watchers) look()
      await released.promise
      waiting -= 1
    },
    waiting: () => waiting,
    reached: (count: number): Promise<void> =>
      new Promise((resolve) => {
        const look = () => {
          if (waiting >= count) resolve()
        }
        watchers.push(look)
        look()
      }),
    release: () => {
      isReleased = true
      released.resolve()
    },
  }
}

/** Whether somebody has taken the answer. An emulator's reset is passed on as one. */
const send = async (response: ServerResponse, answer: Passed | undefined): Promise<boolean> => {
  if (answer === undefined) response.socket?.resetAndDestroy()
  if (answer === undefined || response.destroyed) return false
  response.writeHead(answer.status, { 'content-type': answer.type })
  response.end(answer.text)
  if (response.writableFinished) return true
  return Promise.race([
    once(response, 'finish').then(() => true),
    once(response, 'close').then(() => response.writableFinished),
  ])
}

const issuedIn = (
  system: MachineSystem,
  { status, text }: Passed,
): { readonly value: string; readonly seconds: number } | undefined => {
  if (status !== 200) return undefined
  const body = JSON.parse(text)
  const value = system === 'cec' ? body.AccessToken : body.authToken
  return typeof value === 'string'
    ? { value, seconds: Number(system === 'cec' ? body.Expires : body.expireTime) }
    : undefined
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
