/** The routes whose cost is counted, each by one sample event that goes well. */

export interface CostCase {
  readonly of: string
  readonly event: string
  readonly expectedStatus: number
  /** The route of CEC's question: asked about another user and another token each time. */
  readonly isValidation?: true
  /** It takes few requests of one account in a second. Its processor's time is then that of code which is hardly compiled. */
  readonly isLimited?: true
}

const ok = (of: string, event = 'ok', expectedStatus = 200): CostCase => ({ of, event, expectedStatus })

export const COST_CASES: readonly CostCase[] = [
  { ...ok('validateEnterpriseToken'), isValidation: true },
  ok('validateAgentToken'),
  ok('issueEnterpriseToken', 'ok', 201),
  ok('issueAccessToken', 'ok', 201),
  ok('issueAgentToken', 'ok', 201),
  ok('applyToken'),
  ok('chatRelay', 'send-connect'),
  ok('chatCalls', 'history'),
  ok('uploadFileStream'),
  ok('appCubeToken'),
  ok('oiapThirdPartyToken'),
  { ...ok('liveMessageToken'), isLimited: true },
  ok('liveImToken'),
  ok('liveRtcToken'),
  ok('jwks'),
  ok('putUser'),
  ok('revokeEnterpriseTokens', 'user'),
]
