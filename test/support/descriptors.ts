/** The descriptors of all routes, as the tables of the tests are held against them. */

import type { CredentialKind } from '../../lib/http/credentials.ts'
import {
  auiErrors,
  cecErrors,
  cecValidateErrors,
  type ErrorFormat,
  liveErrors,
  oiapErrors,
  ownErrors,
} from '../../lib/http/error-formats.ts'
import type { RouteDescriptor } from '../../lib/http/route.ts'
import * as routes from '../../lib/routes.ts'

export const DESCRIPTORS: readonly RouteDescriptor[] = Object.values(routes)

/** "POST /x" of each function that has a route. */
export const ENDPOINTS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  DESCRIPTORS.map(({ name, endpoints }) => [name, endpoints]),
)

/** None for a public route. */
export const kindsOf = (route: RouteDescriptor): readonly CredentialKind[] =>
  route.access === 'public' ? [] : route.credentials.kinds

/** The secrets that a function reads, by the rest of their names; `*` stands for the tenant. */
export const secretNamesOf = (route: RouteDescriptor): readonly string[] => {
  const shared = route.access === 'public' ? [] : route.credentials.secrets
  return [
    ...[...shared, ...route.secrets].map(({ name }) => name),
    ...(route.tenantSecrets ?? []).map((system) => `tenants/*/${system}`),
  ]
}

const FORMATS = new Map<ErrorFormat, string>([
  [ownErrors, 'own'],
  [cecValidateErrors, 'validate'],
  [cecErrors, 'cec'],
  [oiapErrors, 'oiap'],
  [liveErrors, 'live'],
  [auiErrors, 'aui'],
])

export const formatNameOf = ({ errorFormat }: RouteDescriptor): string | undefined => FORMATS.get(errorFormat)
