/** Every provider of docs/identity-providers.md. */

import { AUTH0_CASES, ENTRA_CASES } from './entra-auth0.ts'
import { KEYCLOAK_CASES } from './keycloak.ts'
import { COGNITO_CASES, GOOGLE_CASES, OKTA_CASES } from './okta-cognito-google.ts'
import { OTHER_CASES } from './others.ts'
import type { ProviderCase } from './shape.ts'

export const PROVIDERS: readonly ProviderCase[] = [
  ...[KEYCLOAK_CASES, ENTRA_CASES, AUTH0_CASES, OKTA_CASES, COGNITO_CASES, GOOGLE_CASES, OTHER_CASES].flat(),
]
