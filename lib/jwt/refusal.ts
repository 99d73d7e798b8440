/** How the verifiers of tokens refuse: one family of codes for each kind of token, one word for each check. */

import { BridgeError, type ErrorCode } from '../errors.ts'

/** Tokens of CEC's question, of pages, and of identity providers. */
export type Family = 'TOKEN' | 'ACCESS_TOKEN' | 'OIDC'

type WithoutFamily<Code, F extends Family> = Code extends `${F}_${infer Fault}` ? Fault : never

/** The faults that a family has a code for in lib/errors.ts. */
export type FaultOf<F extends Family> = WithoutFamily<ErrorCode, F>

/** Makes the error for a fault. The text says what was expected, never what was found. */
export type Refuse<Fault extends string> = (
  fault: Fault,
  expected: string,
  options?: { readonly field?: string; readonly cause?: unknown },
) => BridgeError

export const refusals =
  <const F extends Family>(family: F): Refuse<FaultOf<F>> =>
  (fault, expected, { field, cause } = {}) =>
    new BridgeError(`${family}_${fault}` as ErrorCode, expected, {
      ...(field === undefined ? {} : { detail: { field } }),
      ...(cause === undefined ? {} : { cause }),
    })
