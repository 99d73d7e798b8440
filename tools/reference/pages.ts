/** The pages of docs/reference/, by their names. */

import { errorsPage } from './errors.ts'
import { routesPage } from './routes.ts'
import { scopesPage } from './scopes.ts'
import { secretsPage } from './secrets.ts'
import { settingsPage } from './settings.ts'

export const referencePages = (): Readonly<Record<string, string>> => ({
  errors: errorsPage(),
  routes: routesPage(),
  scopes: scopesPage(),
  secrets: secretsPage(),
  settings: settingsPage(),
})
