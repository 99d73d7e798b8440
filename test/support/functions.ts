/** The functions that answer requests, by the names of their descriptors, as in sandboxes that have just started. */

import type { HttpHandler } from '../../lib/http/handler.ts'
import type * as routes from '../../lib/routes.ts'
import type { Runtime } from '../../lib/start/runtime.ts'

type Descriptors = (typeof routes)[keyof typeof routes]
export type FunctionName = Descriptors['name']
/** Of a function that only known callers reach. */
export type CallerFunctionName = Extract<Descriptors, { readonly credentials: object }>['name']
/** Of a function that leads to a vendor. */
export type VendorFunctionName = Extract<Descriptors, { readonly tenantSecrets: readonly string[] }>['name']

/** By the rule that test/lib/routes.test.ts holds: file and export have the descriptor's name. */
export const functionOf = async (name: FunctionName, runtime: Runtime): Promise<HttpHandler> => {
  const file = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return (await import(`../../functions/${file}.ts`))[name](runtime)
}
