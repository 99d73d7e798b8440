/** All routes, by name: how a module lists its exports is not the same everywhere. */

import type { RouteDescriptor } from '../../lib/http/route.ts'
import * as descriptors from '../../lib/routes.ts'

export type RouteName = (typeof descriptors)[keyof typeof descriptors]['name']

export const ALL_ROUTES: readonly RouteDescriptor[] = Object.values<RouteDescriptor>(descriptors).sort(
  (one, other) => (one.name < other.name ? -1 : 1),
)
