import { accessTokens } from './access-tokens.ts'
import { algorithms } from './algorithms.ts'
import { browsers } from './browsers.ts'
import { claims } from './claims.ts'
import { crossUse } from './cross-use.ts'
import { idTokens } from './id-tokens.ts'
import { keysAndHeaders } from './keys-and-headers.ts'
import { lookAlikes } from './look-alikes.ts'
import { oidcIssuers } from './oidc-issuers.ts'
import { oidcTokens } from './oidc-tokens.ts'
import { rtcChannels } from './rtc-channels.ts'
import { signatures } from './signatures.ts'
import { attackSuite } from './suite.ts'
import { tokenForms } from './token-forms.ts'
import { tokenLengths } from './token-lengths.ts'
import { users } from './users.ts'
import { wordings } from './wordings.ts'

attackSuite('tokens: what they are, and whom they speak for', [
  ...tokenForms,
  ...tokenLengths,
  ...algorithms,
  ...signatures,
  ...keysAndHeaders,
  ...wordings,
  ...claims,
  ...lookAlikes,
  ...accessTokens,
  ...oidcTokens,
  ...oidcIssuers,
  ...idTokens,
  ...browsers,
  ...users,
  ...rtcChannels,
  ...crossUse,
])
