/** CEC's AccessToken (tokenByAkSk): the whole tenant's, kept for all its requests, and never given out. */

import type { Deadline } from '../../deadline.ts'
import { TokenByAkSkReply } from '../../schemas/cec.ts'
import type { CecSettings } from '../../schemas/upstream-settings.ts'
import type { MachineToken, MachineTokens } from '../../token-store/machine-tokens.ts'
import type { Attempt } from '../credentials.ts'
import { holdsSecret } from '../echo.ts'
import { classOfStatus, retryAfterSeconds, UpstreamFailure } from '../failures.ts'
import type { Outbound, Reply } from '../outbound.ts'
import { understood } from '../replies.ts'

const MAX_BYTES = 64 * 1024

export interface AccessTokenDeps {
  readonly outbound: Outbound
  readonly tokens: MachineTokens
}

/** The tenant's AccessToken, and another one in place of one that was refused. */
export const accessTokens = ({ outbound, tokens }: AccessTokenDeps) => {
  const subjectOf = (tenantSpaceId: string, { fingerprint }: Attempt<CecSettings>) => [
    'cec',
    tenantSpaceId,
    fingerprint,
  ]

  const fetch = async (
    tenantSpaceId: string,
    settings: CecSettings,
    deadline: Deadline,
  ): Promise<MachineToken> => {
    const reply = await outbound(
      {
        tenantSpaceId,
        url: settings.tokenUrl,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'x-token-expire': String(settings.tokenExpireSeconds),
        },
        body: JSON.stringify({ app_key: settings.appKey, app_secret: settings.appSecret }),
        ca: settings.ca,
        isRepeatable: true,
        maxBytes: MAX_BYTES,
      },
      deadline,
    )
    return machineToken(reply, settings)
  }

  return {
    get: (tenantSpaceId: string, attempt: Attempt<CecSettings>, deadline: Deadline): Promise<MachineToken> =>
      tokens.get(
        subjectOf(tenantSpaceId, attempt),
        () => attempt.guard(() => fetch(tenantSpaceId, attempt.settings, deadline)),
        deadline,
      ),
    replace: (
      tenantSpaceId: string,
      attempt: Attempt<CecSettings>,
      refused: MachineToken,
      deadline: Deadline,
      mayFetch: () => boolean,
    ): Promise<MachineToken | undefined> =>
      tokens.replace(
        subjectOf(tenantSpaceId, attempt),
        refused,
        () => attempt.guard(() => fetch(tenantSpaceId, attempt.settings, deadline)),
        deadline,
        mayFetch,
      ),
  }
}

const machineToken = (reply: Reply, { tokenExpireSeconds, appSecret }: CecSettings): MachineToken => {
  const good = reply.status === 200 ? understood(TokenByAkSkReply, reply) : undefined
  if (good === undefined) throw refusal(reply)
  if (holdsSecret(good.AccessToken, [appSecret]))
    throw new UpstreamFailure('unexpected-reply', { reason: 'repeats a secret' })
  // Absent where the documents promise it: then it is what was asked for, since that is always sent.
  const lifeSeconds = Math.min(good.Expires ?? tokenExpireSeconds, tokenExpireSeconds)
  return { token: good.AccessToken, issuedAt: reply.sentAt, expiresAt: reply.sentAt + lifeSeconds * 1000 }
}

/** Statuses of a wrong key, an address that is not listed, and a firewall: seen in the wild, bodies undocumented. */
const UNCLEAR = new Set([401, 403, 418])

const refusal = ({ status, headers }: Reply): UpstreamFailure => {
  const failure = UNCLEAR.has(status) ? 'refused-unclear' : (classOfStatus(status) ?? 'unexpected-reply')
  const pause =
    failure === 'throttled' ? { retryAfterSeconds: retryAfterSeconds(headers['retry-after']) } : {}
  return new UpstreamFailure(failure, { upstreamStatus: status, ...pause })
}
