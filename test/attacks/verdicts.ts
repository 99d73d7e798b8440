/** What the tables of docs/reference/errors.md promise for each log code, as literals: status, and the body's class in each dialect. */

import { MESSAGES } from '../support/refusals.ts'

export type Dialect = 'own' | 'validate' | 'cec' | 'oiap' | 'live' | 'aui'

interface Verdict {
  readonly status: number
  /** `errorCode` of CEC's and OIAP's routes. */
  readonly number?: number
  /** Alibaba's `Code` behind `TokenBridge.`. */
  readonly word?: string
  /** Of the validate route, whose status is always 200. */
  readonly retCode?: number
  readonly codes: RegExp
}

/** The lists of docs/log.md for callers, access tokens and identity providers; of the last, KEYS_UNAVAILABLE is a 503. */
const UNAUTHENTICATED = new RegExp(
  `^(${[
    'CALLER_(MISSING|MALFORMED|TOO_LARGE|FROM_BROWSER|UNKNOWN|EXPIRED|KIND_REFUSED)',
    'ACCESS_TOKEN_(TOO_LARGE|MALFORMED|HEADER_UNKNOWN|KEY_RETIRED|KEY_REVOKED|SIGNATURE_INVALID|CLAIMS_INVALID)',
    'ACCESS_TOKEN_(LIFETIME_TOO_LONG|ISSUED_AHEAD|ISSUER_WRONG|AUDIENCE_WRONG|EXPIRED)',
    'ACCESS_TOKEN_(USER_UNKNOWN|USER_INACTIVE|REVOKED)',
    'OIDC_(ISSUER_UNKNOWN|HEADER_INVALID|TYPE_REFUSED|KEY_UNKNOWN|SIGNATURE_INVALID|CLAIMS_INVALID)',
    'OIDC_(AUDIENCE_WRONG|CLIENT_UNKNOWN|ISSUED_AHEAD|NOT_YET_VALID|EXPIRED|TENANT_UNKNOWN)',
    'OIDC_(SUBJECT_UNKNOWN|USER_INVALID|USER_INACTIVE|USER_UNKNOWN|NOT_A_USER|CLAIM_REFUSED|TOO_OLD)',
  ].join('|')})$`,
)

const VERDICTS: readonly Verdict[] = [
  { status: 413, number: 990004130, word: 'TOO_LARGE', retCode: 1, codes: /^(BODY|FILE)_TOO_LARGE$/ },
  {
    status: 400,
    number: 990004000,
    word: 'MALFORMED',
    retCode: 1,
    codes:
      /^(BODY_(MISSING|NOT_JSON|NOT_UTF8|TOO_DEEP|INVALID)|QUERY_INVALID|TENANT_UNNAMED|UPSTREAM_INVALID_REQUEST)$/,
  },
  {
    status: 401,
    number: 990004010,
    word: 'UNAUTHENTICATED',
    codes: UNAUTHENTICATED,
  },
  { status: 401, number: 990004011, codes: /^CHAT_TOKEN_REFUSED$/ },
  {
    status: 403,
    number: 990004030,
    word: 'FORBIDDEN',
    codes: /^(SCOPE_MISSING|(TENANT|USER|CHANNEL)_FORBIDDEN)$/,
  },
  { status: 404, number: 990004042, word: 'NO_SYSTEM', codes: /^TENANT_WITHOUT_SYSTEM$/ },
  { status: 403, codes: /^USER_DISABLED$/ },
  { status: 404, codes: /^USER_UNKNOWN$/ },
  { status: 429, number: 990004290, word: 'THROTTLED', codes: /^RATE_EXCEEDED$/ },
  { status: 409, codes: /^USER_NAME_DIFFERS$/ },
  {
    status: 200,
    retCode: 2,
    codes:
      /^TOKEN_(TOO_LARGE|MALFORMED|HEADER_UNKNOWN|KEY_RETIRED|SIGNATURE_INVALID|CLAIMS_INVALID|LIFETIME_TOO_LONG|ISSUED_AHEAD|ISSUER_WRONG|KEY_REVOKED)$/,
  },
  { status: 200, retCode: 3, codes: /^TOKEN_EXPIRED$/ },
  { status: 200, retCode: 4, codes: /^TOKEN_(TENANT|USER|NAME)_DIFFERS$/ },
  { status: 200, retCode: 5, codes: /^TOKEN_(USER_UNKNOWN|USER_INACTIVE|REVOKED)$/ },
  { status: 200, retCode: 6, codes: /^SOURCE_FORBIDDEN$/ },
]

/** Our own routes hide which of these it was. */
const HIDDEN = UNAUTHENTICATED

/** Status, members and class of the body that a refusal with this log code must have. */
export const expectedAnswer = (dialect: Dialect, code: string): object => {
  const found = VERDICTS.find(({ codes }) => codes.test(code))
  if (found === undefined)
    throw new TypeError(`${code}: no verdict in the tables of docs/reference/errors.md`)
  const { status, number, word, retCode } = found
  switch (dialect) {
    case 'own':
      return { status, code: HIDDEN.test(code) ? 'UNAUTHENTICATED' : code }
    case 'cec':
      return { status, members: ['errorCode', 'exceptionInfo'], code: String(number) }
    case 'oiap':
      return { status, members: ['errorCode', 'errorMsg'], code: number }
    case 'live':
      return { status, members: ['Code', 'Message', 'RequestId'], code: `TokenBridge.${word}` }
    case 'aui':
      return { status, members: ['code', 'message'], code: status }
    case 'validate':
      return { status: 200, body: { retCode, message: MESSAGES[retCode ?? 0] } }
  }
}

/** What an answer says, in the same terms. */
export const actualAnswer = (
  dialect: Dialect,
  { status, body }: { readonly status: number; readonly body: Record<string, unknown> },
): object => {
  const members = Object.keys(body).sort()
  switch (dialect) {
    case 'own': {
      // A refused credential must not be told what is wrong with it.
      const known = body['code'] === 'UNAUTHENTICATED' ? ['code', 'message'] : ['code', 'field', 'message']
      const odd = members.filter((name) => !known.includes(name))
      return { status, code: body['code'], ...(odd.length > 0 ? { odd } : {}) }
    }
    case 'cec':
    case 'oiap':
      return { status, members, code: body['errorCode'] }
    case 'live':
      return { status, members, code: body['Code'] }
    case 'aui':
      return { status, members, code: body['code'] }
    case 'validate':
      return { status, body }
  }
}
