/** A directory whose answers are remembered for a moment: a page's reload must not read the table again. */

import { boundedMap } from '../concurrency/bounded-map.ts'
import { cacheTime } from '../concurrency/sandbox-time.ts'
import type { Admission, Admissions } from './directory.ts'
import { revokedKeyKey, revokedTokenKey, subjectKey } from './items.ts'

/** Revocation is promised within 1 s in every sandbox: half of that may be memory. */
const RECENT_MS = 500
const MOST_ENTRIES = 1_000

/** Remembers admissions of named tokens and keys, counted from before they were read; remembers no failures. */
export const cachedDirectory = (directory: Admissions, now: () => Date): Admissions => {
  const time = cacheTime(now)
  const recent = boundedMap<string, { admission: Admission; readAt: number }>(MOST_ENTRIES)
  return {
    admission: async (asked, deadline) => {
      const key =
        subjectKey(asked.kind ?? 'user', asked) +
        revokedTokenKey(asked.tenantSpaceId, asked.jti ?? '') +
        revokedKeyKey(asked.kid ?? '')
      const at = time()
      const known = recent.get(key)
      if (known !== undefined && at - known.readAt < RECENT_MS) return known.admission
      const admission = await directory.admission(asked, deadline)
      recent.set(key, { admission, readAt: at })
      return admission
    },
  }
}
