/** OIAP's getAppCubeToken: one token for a tenant's whole AppCube. */

import type { Deadline } from '../deadline.ts'
import { BridgeError } from '../errors.ts'
import { AppCubeTokenReply, AuthToken } from '../schemas/oiap.ts'
import type { OiapSettings } from '../schemas/upstream-settings.ts'
import { type MachineToken, type MachineTokens, secondsLeft } from '../token-store/machine-tokens.ts'
import type { vendorCredentials } from './credentials.ts'
import { holdsSecret } from './echo.ts'
import {
  classOfStatus,
  type FailureClass,
  loggableCode,
  retryAfterSeconds,
  UpstreamFailure,
} from './failures.ts'
import type { Outbound, Reply } from './outbound.ts'
import { jsonObject, understood } from './replies.ts'

const MAX_BYTES = 64 * 1024
/** "The default value is 3600" (seed 001), for when the answer has no expireTime. */
const DEFAULT_SECONDS = 3600
const MAX_SECONDS = 86_400

export interface OiapDeps {
  readonly credentials: ReturnType<typeof vendorCredentials<OiapSettings>>
  readonly tokens: MachineTokens
  readonly outbound: Outbound
  readonly now: () => Date
}

export interface AppCubeToken {
  readonly authToken: string
  /** Seconds that are left. */
  readonly expireTime: number
}

/**
 * The tenant's AppCube token. `appKey` must be the one of its settings. Repeated wrong secrets lock the account, so a
 * refused one is not shown again. Throws TENANT_FORBIDDEN, TENANT_WITHOUT_SYSTEM and the UPSTREAM_… codes.
 */
export const appCubeTokens =
  ({ credentials, tokens, outbound, now }: OiapDeps) =>
  (tenantSpaceId: string, appKey: string, deadline: Deadline): Promise<AppCubeToken> =>
    credentials(
      tenantSpaceId,
      async ({ settings, fingerprint, guard }) => {
        if (appKey !== settings.appKey) throw otherAppKey()
        const fetch = async (): Promise<MachineToken> =>
          machineToken(
            settings,
            await outbound(
              {
                tenantSpaceId,
                url: settings.url,
                method: 'POST',
                headers: { 'content-type': 'application/json; charset=UTF-8', accept: 'application/json' },
                body: JSON.stringify({ appKey: settings.appKey, appSecret: settings.appSecret }),
                ca: settings.ca,
                isRepeatable: true,
                // Repeated wrong secrets lock the account, whatever the status they are refused with.
                isFinal: (reply) => refusal(reply).failure !== 'unavailable',
                maxBytes: MAX_BYTES,
              },
              deadline,
            ),
          )
        const token = await tokens.get(['oiap', tenantSpaceId, fingerprint], () => guard(fetch), deadline)
        return { authToken: token.token, expireTime: secondsLeft(token, now()) }
      },
      deadline,
    )

const otherAppKey = () =>
  new BridgeError('TENANT_FORBIDDEN', "appKey: expected the one of this tenant's settings", {
    detail: { field: 'appKey' },
  })

const machineToken = ({ appSecret }: OiapSettings, reply: Reply): MachineToken => {
  const good = reply.status === 200 ? understood(AppCubeTokenReply, reply) : undefined
  const authToken = AuthToken.safeParse(good?.authToken)
  if (good?.errorCode !== 0 || !authToken.success) throw refusal(reply)
  if (holdsSecret(authToken.data, [appSecret]))
    throw new UpstreamFailure('unexpected-reply', { reason: 'repeats a secret' })
  const lifeSeconds = Math.min(good.expireTime ?? DEFAULT_SECONDS, MAX_SECONDS)
  return { token: authToken.data, issuedAt: reply.sentAt, expiresAt: reply.sentAt + lifeSeconds * 1000 }
}

/** OIAP's documented codes. A locked account is a credential failure: patience would lock it again. */
const BY_CODE: Readonly<Record<string, FailureClass>> = {
  '200800001': 'credential',
  '200800002': 'credential',
  '200800003': 'credential',
  '10000001': 'unavailable',
  '10000002': 'unexpected-reply',
  '10000003': 'unexpected-reply',
  '900001': 'unexpected-reply',
  '900002': 'unexpected-reply',
}
const LISTED: ReadonlySet<string> = new Set(Object.keys(BY_CODE))
const UNCLEAR = new Set([401, 403, 418])

const refusal = (reply: Reply): UpstreamFailure => {
  const { status, headers } = reply
  const code = jsonObject(reply)?.['errorCode']
  const byCode = LISTED.has(String(code)) ? BY_CODE[String(code)] : undefined
  const byStatus = UNCLEAR.has(status) ? 'refused-unclear' : classOfStatus(status)
  // No code of theirs means throttling, so there the status speaks.
  const failure =
    (byCode !== 'credential' && status === 429 ? 'throttled' : byCode) ?? byStatus ?? 'unexpected-reply'
  const pause =
    failure === 'throttled' ? { retryAfterSeconds: retryAfterSeconds(headers['retry-after']) } : {}
  const named = code === undefined ? {} : { upstreamCode: loggableCode(code, LISTED) }
  return new UpstreamFailure(failure, { upstreamStatus: status, ...named, ...pause })
}
