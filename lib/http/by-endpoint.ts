/** A function with several endpoints: each of its requests to the handler of its own. */

import type { HttpHandler } from './handler.ts'
import type { RouteDescriptor } from './route.ts'

/**
 * Picks by `routeKey`, the endpoint as API Gateway has matched it: a path may have a stage or a mapping before it.
 * What comes from elsewhere (an invocation by hand without one) is taken for the first endpoint.
 */
export const byEndpoint = <const Route extends RouteDescriptor>(
  { endpoints: [first] }: Route,
  handlers: Readonly<Record<Route['endpoints'][number], HttpHandler>>,
): HttpHandler => {
  const known = new Map<string, HttpHandler>(Object.entries(handlers))
  const otherwise = handlers[first as Route['endpoints'][number]]
  return (event, context) => (known.get(event.routeKey) ?? otherwise)(event, context)
}
