/** The credentials of the descriptors as security schemes. */

import type { CredentialKind } from '../../lib/http/credentials.ts'
import type { RouteDescriptor } from '../../lib/http/route.ts'
import { isInChat } from './refusals.ts'

const SCHEME_OF: Readonly<Record<CredentialKind, string>> = {
  'caller-key': 'callerKey',
  'back-end': 'identityProviderBackEnd',
  user: 'identityProviderUser',
  'access-token': 'accessToken',
}

const bearer = (description: string, bearerFormat: string) => ({
  type: 'http',
  scheme: 'bearer',
  bearerFormat,
  description,
})

export const SECURITY_SCHEMES = {
  callerKey: bearer('A caller key of one of your back ends. Refused from a browser.', 'ctb_…'),
  identityProviderBackEnd: bearer(
    "A back end's token of your identity provider. Refused from a browser.",
    'JWT',
  ),
  identityProviderUser: bearer("A user's token of your identity provider, good for that user alone.", 'JWT'),
  accessToken: bearer("An access token of `POST /access-tokens`, good for that user's page alone.", 'JWT'),
  chatToken: {
    type: 'apiKey',
    in: 'header',
    name: 'ccmessaging-token',
    description:
      "CEC's chat token of `applyToken`, or the one that the last answer of the chat had in this header.",
  },
} as const

/** One of these lists is enough; all of a list is needed. Scopes are those that the caller must have. */
export const securityOf = (route: RouteDescriptor): readonly object[] =>
  route.access === 'public'
    ? []
    : route.credentials.kinds.map((kind) => ({
        [SCHEME_OF[kind]]: [route.access],
        ...(isInChat(route) ? { chatToken: [] } : {}),
      }))
