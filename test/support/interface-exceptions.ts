/**
 * What JSON Schema cannot say, or what the route alone knows: such an input the document takes, and the route refuses with this
 * sentence. The descriptions in the document say the rules about text in words.
 */

import { nextMark } from '../../lib/users/next.ts'
import type { Endpoint } from '../../tools/interface/operations.ts'

/** Laid over the members of a good request, or the whole body as text. */
type Changes = Readonly<Record<string, unknown>> | ((good: object) => string)

interface Listed {
  readonly tenantSpaceId: string
}

export interface Exception {
  readonly what: string
  readonly says: RegExp
  readonly endpoint: Endpoint
  readonly wrong: Changes
  /** The same without its one fault. */
  readonly twin: Changes
}

const nested = (levels: number): unknown => (levels === 0 ? '' : [nested(levels - 1)])

export const EXCEPTIONS: readonly Exception[] = [
  {
    what: 'an id that is not of Unicode form NFC',
    says: /: expected Unicode form NFC$/,
    endpoint: 'PUT /users',
    wrong: { userId: 'e\u0301' },
    twin: { userId: '\u00e9' },
  },
  {
    what: 'half of a surrogate pair',
    says: /: expected whole characters$/,
    endpoint: 'PUT /users',
    wrong: { userName: 'Tom\ud83d' },
    twin: { userName: 'Tom\u{1f600}' },
  },
  {
    what: 'a joiner where no script is spelt with one',
    says: /: expected joiners only where a script is spelt with them$/,
    endpoint: 'PUT /users',
    wrong: { userName: 'T\u200dom' },
    twin: { userName: '\u0645\u06cc\u200c\u062e' },
  },
  {
    what: 'a text of marks alone',
    says: /: expected a visible character$/,
    endpoint: 'PUT /users',
    wrong: { userName: '\u0301' },
    twin: { userName: 'x\u0301' },
  },
  {
    what: 'a name that is too long in form NFC',
    says: /^userName: expected 1 to 256 characters$/,
    endpoint: 'PUT /users',
    wrong: { userName: 'e\u0301'.repeat(257) },
    twin: { userName: 'e\u0301'.repeat(256) },
  },
  {
    what: 'more than 16 KiB',
    says: /^body: expected at most 16384 bytes$/,
    endpoint: 'POST /apiaccess/ccmessaging/doLeaveMessage',
    wrong: { leaveMessage: '\u{1f600}'.repeat(4096) },
    twin: { leaveMessage: 'a'.repeat(4096) },
  },
  {
    what: 'more than 16 levels',
    says: /^body: expected at most 16 levels$/,
    endpoint: 'POST /apiaccess/ccmessaging/send',
    wrong: { more: nested(16) },
    twin: { more: nested(15) },
  },
  {
    what: 'a member given twice',
    says: /^body: expected each member once$/,
    endpoint: 'PUT /users',
    wrong: (good) => JSON.stringify(good).replace('{', '{"status":"active",'),
    twin: (good) => JSON.stringify(good),
  },
  {
    what: 'a user or tenant whom neither body nor credential names',
    says: /^(userId|userName|tenantSpaceId): expected a string$/,
    endpoint: 'POST /enterprise-tokens',
    wrong: { userId: undefined },
    twin: {},
  },
  {
    what: "an id that does not fit Alibaba's own pattern",
    says: /^(UserId|userId|user_id): expected 1 to (32|64) of [aA]/,
    endpoint: 'POST /live/GetMessageToken',
    wrong: { UserId: 'Tom' },
    twin: { UserId: 'tom' },
  },
  {
    what: 'a caller key in the body beside one in the header',
    says: /^appSecret: expected the caller key in one place/,
    endpoint: 'POST /oifde/rest/api/gettoken',
    wrong: { appSecret: 'ctb_another' },
    twin: {},
  },
  {
    what: 'a mark of a page that this tenant was not given',
    says: /^next: expected the next of the page before$/,
    endpoint: 'POST /users/list',
    wrong: (good) => JSON.stringify({ ...good, next: nextMark('another-tenant', 'ann') }),
    twin: (good) => JSON.stringify({ ...good, next: nextMark((good as Listed).tenantSpaceId, 'ann') }),
  },
]

export const exceptionOf = (sentence: string): Exception | undefined =>
  EXCEPTIONS.find(({ says }) => says.test(sentence))
