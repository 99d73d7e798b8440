/** docs/reference/scopes.md: what a caller may be allowed to do. */

import { SCOPES, type Scope } from '../../lib/schemas/callers.ts'
import { ALL_ROUTES } from './all-routes.ts'
import { code, page, table } from './markdown.ts'

const WORDS: Readonly<Record<Scope, string>> = {
  'enterprise-token:issue': 'ask for enterprise tokens',
  'enterprise-token:revoke': "end a token, a user's or everybody's",
  'agent-token:issue': "ask for agents' tokens",
  'users:write': 'enter, rename, disable, enable and delete users',
  'users:read': 'look users up and list them',
  'users:vouch': 'enter users by asking, with `directory=on-issue`',
  'chat-token:issue': "ask for CEC's chat tokens",
  'chat:relay': 'chat through the relay, with files, history and survey',
  'app-cube-token:issue': "ask for the tenant's AppCube token",
  'oiap-third-party-token:issue': "ask for the tenant's OIAP token for third parties",
  'live-token:issue': "ask for tokens of Alibaba's messaging, the older and the new",
  'live-admin:issue': 'ask for those of an admin of the new messaging; of no effect for a page',
  'rtc-token:issue': "ask for tokens of Alibaba's RTC",
  'access-token:issue':
    'ask for access tokens, with `chat-token:issue`, `chat:relay`, `live-token:issue` and `rtc-token:issue` as far as the caller has them itself',
}

const functionsOf = (scope: Scope): string =>
  ALL_ROUTES.filter(({ access }) => access === scope)
    .map(({ name }) => code(name))
    .join(', ') || 'beside another scope'

export const scopesPage = (): string =>
  page(
    'Scopes',
    '`lib/schemas/callers.ts` and `lib/routes/`',
    "A caller's entry lists its scopes: in the secret [`callers`](secrets.md#callers), or in the [callers table](../callers.md#many-callers). Give each caller the ones that it needs, and no others.",
    table(
      ['scope', 'lets a caller', 'functions'],
      SCOPES.map((scope) => [code(scope), WORDS[scope], functionsOf(scope)]),
    ),
  )
