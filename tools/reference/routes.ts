/** docs/reference/routes.md: every route, and whose credentials it takes. */

import type { CredentialKind } from '../../lib/http/credentials.ts'
import type { RouteDescriptor } from '../../lib/http/route.ts'
import { ALL_ROUTES, type RouteName } from './all-routes.ts'
import { code, page, table } from './markdown.ts'

const BACK_END = 'your back end'
const PAGE = "your back end, your user's page"
const CEC = 'CEC'
const AUI = "Alibaba's ready clients"

/** Who calls, and what for. A route that is not here does not compile. */
const WORDS: Readonly<Record<RouteName, readonly [who: string, what: string]>> = {
  issueEnterpriseToken: [PAGE, 'a short-lived **enterprise token** for the signed-in user'],
  issueAccessToken: [
    BACK_END,
    "an **access token**, with which its user's page may call here itself ([access tokens](../access-tokens.md))",
  ],
  validateEnterpriseToken: [CEC, '"is this token really yours?"'],
  issueAgentToken: [
    BACK_END,
    "a token for an **agent**, with which an agent's page opens CEC's workbench ([agents](../agents.md))",
  ],
  validateAgentToken: [CEC, '"is this agent\'s token really yours?"'],
  revokeEnterpriseTokens: [
    BACK_END,
    'shut a user, an agent, a token or everybody out ([users](../users.md#shutting-out))',
  ],
  putUser: [BACK_END, 'keep the list of users in step ([users](../users.md))'],
  batchUsers: [BACK_END, 'the same for [many users](../users.md#many-users)'],
  queryUsers: [BACK_END, 'look users up'],
  listUsers: [BACK_END, 'list the users of a tenant'],
  jwks: ['any service of yours', 'the public keys of the tokens'],
  applyToken: [PAGE, 'a CEC chat token for a user (`applyToken`, behind it `tokenByAkSk`)'],
  chatRelay: [PAGE, "the chat, with CEC's secrets added on the way ([vendors](../vendors.md))"],
  chatCalls: [PAGE, "the chat's history, survey and the like ([CEC's chat calls](../cec-chat.md))"],
  uploadFileStream: [PAGE, "a file for the chat's agent"],
  downloadFileStream: [PAGE, "a file of the chat's agent"],
  appCubeToken: [BACK_END, 'an OIAP AppCube token'],
  oiapThirdPartyToken: [BACK_END, 'an OIAP token for whatever OIAP offers beside AppCube'],
  liveMessageToken: [PAGE, "an Alibaba live-message token for a user's device"],
  liveImToken: [
    PAGE,
    "a token of Alibaba's new interactive messaging for a user ([Alibaba's tokens](../alibaba-live.md))",
  ],
  liveRtcToken: [PAGE, "a token for one channel of Alibaba's RTC"],
  auiLiveToken: [AUI, 'messaging tokens in the shape that they expect'],
  auiRtcToken: [AUI, 'RTC tokens in the shape that they expect'],
}

/** In the order of the words. */
const ROUTES: readonly RouteDescriptor[] = Object.keys(WORDS).flatMap((name) =>
  ALL_ROUTES.filter((route) => route.name === name),
)

/** Functions that no route leads to. */
const OTHERS = [
  ['Secrets Manager', 'make and rotate the signing keys', '–', code('rotateSigningKey')],
  ['a schedule, every minute', "keep the vendors' machine tokens fresh", '–', code('prewarmTokens')],
  [
    'a schedule, every five minutes where it is switched on',
    "ask the stage's own address, [and say what is wrong](../operate.md#the-prober)",
    '–',
    code('probe'),
  ],
  [
    "your operator's [`npm run doctor`](../operator.md#doctor)",
    'what is wrong, and who can mend it',
    '–',
    code('doctor'),
  ],
]

const kindsOf = (route: RouteDescriptor): readonly CredentialKind[] =>
  route.access === 'public' ? [] : route.credentials.kinds

const pathOf = (endpoint: string): string => endpoint.replace(/^\w+ /, '')
const lastOf = (path: string): string => path.split('/').at(-1) ?? ''
const PATHS = ROUTES.flatMap(({ endpoints }) => endpoints.map(pathOf))

/** What a page's author calls an endpoint: its last segment, or the whole of a path that has but one or shares it. */
const shortName = (endpoint: string): string => {
  const path = pathOf(endpoint)
  const isShared = PATHS.filter((other) => lastOf(other) === lastOf(path)).length > 1
  return path.split('/').length === 2 || isShared ? path : lastOf(path)
}

/** The routes that take credentials of a kind. */
const taking = (kind: CredentialKind): string => {
  const withCallers = ROUTES.filter(({ access }) => access !== 'public')
  const those = withCallers.filter((route) => kindsOf(route).includes(kind))
  return those.length === withCallers.length
    ? 'all'
    : those.flatMap(({ endpoints }) => endpoints.map((endpoint) => code(shortName(endpoint)))).join(', ')
}

const CREDENTIALS: readonly (readonly [string, string, CredentialKind, string])[] = [
  ['caller key `ctb_…`', 'your back ends', 'caller-key', 'no'],
  ['token of your identity provider, `kind: "back-end"`', 'your back ends', 'back-end', 'no'],
  ['token of your identity provider, `kind: "user"`', 'your users', 'user', 'yes'],
  ['access token of `/access-tokens`', "your users' pages", 'access-token', 'yes'],
]

const KIBIBYTE = 1024
const bodyOf = ({ bodyLimit }: RouteDescriptor): string =>
  `${Math.round((bodyLimit?.bytes ?? 16 * KIBIBYTE) / KIBIBYTE)} KiB`

export const routesPage = (): string =>
  page(
    'Routes',
    '`lib/routes/`',
    table(
      ['who calls', 'what for', 'route', 'function'],
      [
        ...ROUTES.map(({ name, endpoints }) => [
          ...WORDS[name as RouteName],
          endpoints.map(code).join(', '),
          code(name),
        ]),
        ...OTHERS,
      ],
    ),
    'What each takes and answers, member by member, is in [the interface as a document](../interface.md). `npm start` shows it at `/docs`.',
    '## Who may call',
    "Every call but CEC's questions and the public keys carries `Authorization: Bearer …` with one of these. Its own form says which it is.",
    table(
      ['credential', 'for', 'routes', 'from a browser'],
      CREDENTIALS.map(([what, whose, kind, fromBrowser]) => [what, whose, taking(kind), fromBrowser]),
    ),
    `A user's credential speaks for that user of that tenant alone. So \`userId\`, \`from\`, \`receiverId\`, \`callId\`, \`UserId\`, \`UserID\`, \`user_id\` and
\`userName\` must be its own. Any other is a 403. In the body of \`/enterprise-tokens\` a user may leave \`userId\` and \`userName\` out, and a body by an
identity provider's token may leave \`tenantSpaceId\` out. [Identity providers](../identity-providers.md) has a ready entry for each of the usual ones.`,
    '## Scopes and sizes',
    '[Scopes](scopes.md) says what each scope is for. A larger body is answered with 413.',
    table(
      ['function', 'scope', 'body at most'],
      ROUTES.map((route) => [
        code(route.name),
        route.access === 'public' ? 'none: public' : code(route.access),
        bodyOf(route),
      ]),
    ),
  )
