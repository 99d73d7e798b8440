/** Moments as whole seconds since 1970, wherever one is read. */

import * as z from 'zod/mini'

/** In November 2286. As milliseconds it is April 1970, so no moment of today in milliseconds passes for seconds. */
const LAST_SECOND = 10_000_000_000
const EXPECTED = 'expected whole seconds since 1970, not milliseconds'

export const epochSeconds = z.int(EXPECTED).check(z.gte(0, EXPECTED), z.lte(LAST_SECOND, EXPECTED))

/** RFC 7519, section 2: other issuers' moments may have a fraction. */
export const numericDate = z.number(EXPECTED).check(z.gte(0, EXPECTED), z.lte(LAST_SECOND, EXPECTED))
