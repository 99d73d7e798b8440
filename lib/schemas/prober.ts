/** The secret `<prefix>/prober`: where the prober asks, as whom, and about whom. An operator makes it. */

import * as z from 'zod/mini'
import { tenantSpaceId } from './caller-entry.ts'
import { MOST_USER_ID_CHARACTERS, UserName } from './ids.ts'
import { members } from './pasted.ts'
import { judgedText, printable, text } from './setting-types.ts'
import { address, addressWithoutPath } from './setting-urls.ts'
import { identifier, MOST_NAME_CHARACTERS } from './text.ts'

const callerKey = text(/^ctb_[A-Za-z0-9_-]{20,64}$/, 'expected a caller key such as "ctb_…"')

/** What a schema of requests takes, of so many characters at most, as a member of a secret. */
const taken = (schema: z.ZodMiniType<string>, maxLength: number) => {
  const faultOf = (value: string | undefined) => schema.safeParse(value).error?.issues[0]?.message
  return judgedText(faultOf('') ?? 'expected text', faultOf, { maxLength })
}

export const ProberSecret = members({
  /** Of the routes for back ends: the stage's output `HttpApiUrl`. */
  url: addressWithoutPath(500),
  /** What CEC was told: the stage's output `ValidateUrl`. */
  validateUrl: address(500),
  /** May issue and revoke tokens of this tenant, and nothing else. */
  callerKey,
  tenantSpaceId,
  userId: taken(identifier(MOST_USER_ID_CHARACTERS), MOST_USER_ID_CHARACTERS),
  userName: taken(UserName, MOST_NAME_CHARACTERS),
  /** A tenant with OIAP, by a key that may ask for its AppCube token alone. Left out: nothing is asked of OIAP. */
  appCube: z.optional(members({ callerKey, appKey: printable(512) })),
})
export type ProberSecret = z.infer<typeof ProberSecret>
