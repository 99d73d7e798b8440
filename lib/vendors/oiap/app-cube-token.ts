/** OIAP's getAppCubeToken: one token for a tenant's whole AppCube. */

import { createHash } from 'node:crypto'
import type { Deadline } from '../../concurrency/deadline.ts'
import { BridgeError } from '../../errors.ts'
import {
  classOfStatus,
  type FailureClass,
  loggableCode,
  UpstreamFailure,
  vendorRefusal,
} from '../../outbound/failures.ts'
import type { Outbound, Reply } from '../../outbound/outbound.ts'
import { member, understood } from '../../outbound/replies.ts'
import { holdsSecret } from '../../outbound/secret-leak-guard.ts'
import { type MachineToken, secondsLeft } from '../../token-cache/machine-token.ts'
import type { Connection } from '../connection.ts'
import { byForce, type MachineSource, sourceTokens } from '../machine-source.ts'
import type { OiapSettings } from '../settings.ts'
import { codeText } from '../vendor-code.ts'
import { oiapCredentials } from '../vendors.ts'
import { AppCubeTokenReply } from './wire.ts'

const MAX_BYTES = 64 * 1024
/** "The default value is 3600" (seed 001), for when the answer has no expireTime. */
const DEFAULT_SECONDS = 3600
const MAX_SECONDS = 86_400

export interface AppCubeToken {
  readonly authToken: string
  /** Seconds that are left. */
  readonly expireTime: number
}

export interface AppCubeTokenQuestion {
  /** Must be the one of the tenant's settings. */
  readonly appKey: string
  /** SHA-256 of a token that AppCube has refused, as lower-case hex digits. */
  readonly refusedSha256: string | undefined
}

export const appCubeTokenSource = (
  shared: Pick<Connection, 'secrets' | 'blocks' | 'outbound' | 'log'>,
): MachineSource<OiapSettings> => ({
  system: 'oiap',
  credentials: oiapCredentials(shared),
  variant: () => [],
  fetch: async (tenantSpaceId, settings, deadline) => {
    const reply = await ask(shared.outbound, tenantSpaceId, settings, deadline)
    return machineToken(settings, reply, (reason) =>
      shared.log('WARN', { code: 'VENDOR_REPLY_DEVIATES', system: 'oiap', tenantSpaceId, reason }),
    )
  },
})

/**
 * The tenant's AppCube token. One that the caller says was refused is renewed, if it is the stored one, at most once
 * per minute. Repeated wrong secrets lock the account, so a refused one is not shown again.
 * Throws TENANT_FORBIDDEN, TENANT_WITHOUT_SYSTEM, TOKEN_STORE_UNAVAILABLE and the UPSTREAM_… codes.
 */
export const appCubeTokens = (shared: Connection) => {
  const source = appCubeTokenSource(shared)
  const tokens = sourceTokens(source, shared.tokens)
  return (
    tenantSpaceId: string,
    { appKey, refusedSha256 }: AppCubeTokenQuestion,
    deadline: Deadline,
  ): Promise<AppCubeToken> =>
    source.credentials(
      tenantSpaceId,
      async (attempt) => {
        if (appKey !== attempt.settings.appKey) throw otherAppKey()
        const known = await tokens.get(tenantSpaceId, attempt, deadline)
        const isRefused = createHash('sha256').update(known.token).digest('hex') === refusedSha256
        const other = isRefused
          ? await tokens.replace(tenantSpaceId, attempt, known, deadline, byForce(shared.now))
          : undefined
        const token = other ?? known
        // Of a token that is handed out, something is left; a client would take 0 for dead.
        return { authToken: token.token, expireTime: Math.max(1, secondsLeft(token, shared.now())) }
      },
      deadline,
    )
}

const ask = (
  outbound: Outbound,
  tenantSpaceId: string,
  { url, appKey, appSecret, ca, serverName }: OiapSettings,
  deadline: Deadline,
): Promise<Reply> =>
  outbound(
    {
      tenantSpaceId,
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=UTF-8', accept: 'application/json' },
      body: JSON.stringify({ appKey, appSecret }),
      ca,
      serverName,
      // Repeated wrong secrets lock the account, and one whose answer was lost may have been judged.
      isRepeatable: false,
      maxBytes: MAX_BYTES,
    },
    deadline,
  )

const otherAppKey = () =>
  new BridgeError('TENANT_FORBIDDEN', "appKey: expected the one of this tenant's settings", {
    detail: { field: 'appKey' },
  })

const machineToken = (
  { appSecret }: OiapSettings,
  reply: Reply,
  onDeviation: (reason: string) => void,
): MachineToken => {
  const good = reply.status === 200 ? understood(AppCubeTokenReply, reply) : undefined
  if (good === undefined) throw refusal(reply)
  const { errorCode, authToken: token, expireTime = DEFAULT_SECONDS } = good
  if (holdsSecret(token, [appSecret]))
    throw new UpstreamFailure('unexpected-reply', { reason: 'repeats a secret' })
  if (errorCode !== '0') onDeviation(`errorCode ${errorCode ?? 'absent'}`)
  const lifeSeconds = Math.min(expireTime, MAX_SECONDS)
  return { token, issuedAt: reply.sentAt, expiresAt: reply.sentAt + lifeSeconds * 1000 }
}

/** OIAP's documented codes. A locked account is a credential failure: patience would lock it again. */
const BY_CODE: Readonly<Record<string, FailureClass>> = {
  '200800001': 'credential',
  '200800002': 'credential',
  '200800003': 'credential',
  '10000001': 'unavailable',
  '10000002': 'settings-refused',
  '10000003': 'settings-refused',
  '900001': 'unexpected-reply',
  '900002': 'unexpected-reply',
}
const LISTED: ReadonlySet<string> = new Set(Object.keys(BY_CODE))

/** Every 4xx that says nothing else may be a refusal of the secret, and wrong ones lock the account. */
const isUnclear = (status: number): boolean => status >= 400 && status < 500

const refusal = (reply: Reply): UpstreamFailure => {
  const { status } = reply
  const given = member(reply, 'errorCode')
  const code = given === undefined || given === '' ? undefined : codeText(given)
  const byCode = LISTED.has(String(code)) ? BY_CODE[String(code)] : undefined
  const byStatus = classOfStatus(status) ?? (isUnclear(status) ? 'refused-unclear' : undefined)
  // An unlisted code may be another word for a wrong secret: not to be tried with every request.
  const isCode = code !== undefined && code !== '0' && code !== '200'
  const otherwise = isCode ? 'refused-unclear' : 'unexpected-reply'
  return vendorRefusal(reply, {
    // No code of theirs means throttling, so there the status speaks.
    failure: (byCode !== 'credential' && status === 429 ? 'throttled' : byCode) ?? byStatus ?? otherwise,
    addressSetting: 'url',
    check: byCode === 'settings-refused' ? 'appKey and appSecret' : undefined,
    upstreamCode: code === undefined ? undefined : loggableCode(code, LISTED),
  })
}
