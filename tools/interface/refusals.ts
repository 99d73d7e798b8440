/**
 * The refusals of an endpoint, each thrown by the code that throws it at a request, or with its words: so numbers, bodies and sentences are
 * the real ones. Which an endpoint has, follows from its descriptor. Tests hold every answer of theirs against the outcome.
 */

import { assertAdmissible } from '../../lib/directory/admissible.ts'
import { BridgeError, type ErrorCode } from '../../lib/errors.ts'
import { jsonBody } from '../../lib/http/body.ts'
import { fromBody, fromQuery } from '../../lib/http/input.ts'
import {
  requireChannel,
  requireScope,
  requireTenant,
  requireUser,
  tenantOf,
} from '../../lib/http/principal.ts'
import type { RouteDescriptor } from '../../lib/http/route.ts'
import { CONSEQUENCES, type FailureClass, UpstreamFailure } from '../../lib/outbound/failures.ts'
import { tooLargeToPass } from '../../lib/vendors/cec/files.ts'
import { chatTokenOf } from '../../lib/vendors/cec/requests.ts'
import { refusedTokenOf } from '../../lib/vendors/oiap/requests.ts'
import { COMPUTED_VENDORS, VENDORS } from '../../lib/vendors/registry.ts'
import type { Operation } from './operations.ts'

/** A refusal, and what it is called in the document. */
export type Refusal = BridgeError

const thrown = (run: () => unknown): BridgeError => {
  try {
    run()
  } catch (error) {
    if (error instanceof BridgeError) return error
    throw error
  }
  throw new Error('expected a refusal')
}

/** Of those that are told by a fixed sentence the words stand for themselves. */
const worded = (code: ErrorCode, message = '', detail = {}): BridgeError =>
  new BridgeError(code, message, { detail })

const NOBODY = { scopes: [], tenants: [], userId: 'another' }

/** Settings of a stage do not matter to refusals: they are about the form of the whole. */
const SETTINGS = { USER_ID_MAX_LENGTH: 32 }

type Route = RouteDescriptor

const ofBody = ({ bodyLimit }: Route, { body }: Operation): readonly Refusal[] =>
  body === undefined
    ? []
    : [
        thrown(() => jsonBody({})),
        thrown(() => jsonBody({ body: '{"userId":' })),
        thrown(() => jsonBody({ body: '/w==', isBase64Encoded: true })),
        thrown(() => jsonBody({ body: '['.repeat(20) })),
        thrown(() => jsonBody({ body: '{"a":1,"a":2}' })),
        thrown(() => fromBody(body(SETTINGS)).read({ body: '"text"' } as never)),
        thrown(() => jsonBody({ body: 'a'.repeat((bodyLimit?.bytes ?? 16_384) + 1) }, bodyLimit)),
      ]

const ofQuery = ({ query }: Operation): readonly Refusal[] =>
  query === undefined ? [] : [thrown(() => fromQuery(query).read({} as never))]

const kindsOf = (route: Route): readonly string[] =>
  route.access === 'public' ? [] : route.credentials.kinds

const ofCallers = (route: Route): readonly Refusal[] =>
  route.access === 'public'
    ? []
    : [
        worded('CALLER_MISSING'),
        thrown(() => requireScope(NOBODY, route.access)),
        thrown(() => requireTenant(NOBODY, 'another')),
      ]

/** The member by which a request names its user, in each system's words. */
const USER_MEMBERS = ['userId', 'from', 'receiverId', 'callId', 'UserId', 'UserID', 'user_id']
const CHANNEL_MEMBERS = ['ChannelID', 'room_id', 'channel_id']

/** Of credentials that are bound to one user. */
const ofUsers = (route: Route, members: readonly string[]): readonly Refusal[] => {
  const kinds = kindsOf(route)
  const field = USER_MEMBERS.find((name) => members.includes(name))
  const channel = CHANNEL_MEMBERS.find((name) => members.includes(name))
  const isBound = kinds.includes('user') || kinds.includes('access-token')
  return [
    ...(isBound && field !== undefined ? [thrown(() => requireUser(NOBODY, 'own', field))] : []),
    ...(isBound && channel !== undefined ? [thrown(() => requireChannel(NOBODY, 'other', channel))] : []),
  ]
}

const ofDirectory = (route: Route): readonly Refusal[] => {
  const user = { userName: 'Tom', status: 'active' }
  const told = (known: object | undefined) =>
    thrown(() => assertAdmissible({ user: known } as never, { userName: 'Tim' }))
  if (route.name === 'revokeEnterpriseTokens') return [told(undefined)]
  if (!route.settings.includes('DIRECTORY')) return []
  return [told(undefined), told({ ...user, status: 'disabled' }), told(user)]
}

const ofLimits = (route: Route): readonly Refusal[] => {
  const field = route.name === 'issueAgentToken' ? 'userAccount' : 'userId'
  return route.settings.includes('ISSUES_PER_USER_AND_MINUTE')
    ? [
        worded('RATE_EXCEEDED', `${field}: expected at most 30 calls in 60 s`, {
          field,
          retryAfterSeconds: 42,
        }),
      ]
    : []
}

const SERVICE_TOKEN_CLASSES: readonly FailureClass[] = [
  'settings-refused',
  'refused-unclear',
  'throttled',
  'unavailable',
  'wrong-address',
  'unexpected-reply',
]

/** Which failures of a vendor a caller may hear of: what the tables of `lib/vendors` hold. */
const CLASSES: Readonly<Record<string, readonly FailureClass[]>> = {
  cec: [...SERVICE_TOKEN_CLASSES, 'not-entitled', 'invalid-request', 'values-refused'],
  oiap: [...SERVICE_TOKEN_CLASSES, 'credential'],
  'oiap-third-party': [...SERVICE_TOKEN_CLASSES, 'credential'],
  live: [
    ...SERVICE_TOKEN_CLASSES.filter((failure) => failure !== 'settings-refused'),
    'credential',
    'not-permitted',
    'invalid-request',
  ],
}

const KMS = "KMS does not decrypt this tenant's settings for"

const ofVendor = (system: string): readonly Refusal[] => {
  const profile = [...VENDORS, ...COMPUTED_VENDORS].find((vendor) => vendor.system === system)
  if (profile === undefined) throw new Error(`no vendor has the system ${system}`)
  const { displayName } = profile
  const classes = CLASSES[system]
  return [
    worded('TENANT_WITHOUT_SYSTEM', `this tenant has no settings for ${displayName}`),
    worded('TENANT_KMS_REFUSED', `${KMS} ${displayName}: …`),
    ...(classes ?? []).map((failure) => {
      const detail = failure === 'throttled' ? { retryAfterSeconds: 4 } : {}
      return new UpstreamFailure(failure, detail, { vendor: displayName })
    }),
    ...(classes === undefined ? [] : [worded('UPSTREAM_TIMEOUT', 'the vendor did not answer in time')]),
  ]
}

const ofVendors = (route: Route, { id, body }: Operation): readonly Refusal[] => {
  const { tenantSecrets = [] } = route
  if (tenantSecrets.length === 0) return []
  const isChat = isInChat(route)
  return [
    thrown(() => tenantOf({ tenants: ['one', 'two'] }, undefined)),
    ...tenantSecrets.flatMap(ofVendor),
    ...(isChat ? [thrown(() => chatTokenOf(undefined))] : []),
    ...(route.name === 'downloadFileStream' ? [tooLargeToPass()] : []),
    ...(tenantSecrets.some((system) => system.startsWith('oiap'))
      ? [thrown(() => refusedTokenOf('no digest'))]
      : []),
    ...(tenantSecrets.includes('live') && body !== undefined
      ? [
          worded(
            'RATE_EXCEEDED',
            `${id.startsWith('aui') ? 'user_id' : 'UserId'}: expected at most 20 calls in 60 s`,
            { retryAfterSeconds: 42 },
          ),
        ]
      : []),
  ]
}

/** Whether the header `ccmessaging-token` says whose chat a request is about. */
export const isInChat = ({ access }: Route): boolean => access === 'chat:relay'

/** All, in the order of the checks. `members` are those of the body or the query. */
export const refusalsOf = (
  route: Route,
  operation: Operation,
  members: readonly string[],
): readonly Refusal[] => [
  ...ofCallers(route),
  ...ofBody(route, operation),
  ...ofQuery(operation),
  ...ofUsers(route, members),
  ...ofDirectory(route),
  ...ofLimits(route),
  ...ofVendors(route, operation),
  ...(route.access === 'public' && operation.body !== undefined ? OF_TOKENS : []),
  worded('INTERNAL'),
  worded('DEADLINE_EXCEEDED'),
]

/** What a validate route says of a token. */
const OF_TOKENS: readonly Refusal[] = [
  worded('TOKEN_MALFORMED'),
  worded('TOKEN_EXPIRED'),
  worded('TOKEN_USER_DIFFERS'),
  worded('TOKEN_USER_INACTIVE'),
]

/** Every class of a vendor's failure is somebody's: a new one is not forgotten. */
export const CLASSES_TOLD: ReadonlySet<string> = new Set(Object.values(CLASSES).flat())
export const CLASSES_KNOWN: readonly string[] = Object.keys(CONSEQUENCES)
