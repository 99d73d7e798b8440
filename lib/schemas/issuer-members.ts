/** Types of the members that only entries of `issuers` have. */

import * as z from 'zod/mini'
import { isObject, trimmed } from './pasted.ts'
import { judgedText, sentence, text } from './setting-types.ts'
import { address } from './setting-urls.ts'

export const name = (most: number) =>
  text(new RegExp(`^[\\s\\S]{1,${most}}$`, 'u'), `expected 1 to ${most} characters`)

const HTTPS = /^(https:\/\/|http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?(\/|$))/

/** Compared as it stands. Plain http is for a provider on the developer's machine; outbound calls refuse it elsewhere. */
export const providerUrl = () =>
  address(200, (url) => (HTTPS.test(url) ? undefined : 'expected an https URL'))

/** Supabase's, which each user may write. */
const OF_THE_USERS = /^(user_metadata|raw_user_meta_data)(\.|$)/

/** The name of a claim, or the way to one inside objects: `ext.name`. A claim of that very name comes first. */
export const claimPath = () => name(128)

/** The same for a claim that decides something: users must not be able to set it. */
export const trustedClaimPath = () =>
  judgedText(
    'expected 1 to 128 characters',
    (path) => {
      if (!/^.{1,128}$/su.test(path)) return 'expected 1 to 128 characters'
      return OF_THE_USERS.test(path) ? 'expected a claim that users cannot set themselves' : undefined
    },
    { minLength: 1, maxLength: 128, not: { pattern: OF_THE_USERS.source } },
  )

export const list = (item: z.ZodMiniType<string>) =>
  z.array(item, 'expected a list').check(z.maxLength(100, 'expected at most 100'))

/** A claim is one of these texts, is there, or is not there. */
export type Requirement = readonly string[] | boolean

const REQUIREMENT = 'expected for each claim a text, a list of texts, true or false'

/** What further claims must hold. A fault shows every claim as `*`: its name may be anything. `null` demands nothing. */
export const requirements = z.pipe(
  z.custom<object>(isObject, {
    error: 'expected an object from claims to what they must be',
    params: { type: 'object' },
  }),
  z.transform((value, { issues }): Readonly<Record<string, Requirement>> => {
    const demands = Object.entries(value)
      .filter(([, demanded]) => demanded !== null)
      .map(
        ([claim, demanded]) =>
          [claim.trim(), typeof demanded === 'boolean' ? demanded : textsIn(demanded)] as const,
      )
    const isTwice = new Set(demands.map(([claim]) => claim)).size < demands.length
    const message =
      demands.map(faultOf).find((fault) => fault !== undefined) ??
      (isTwice ? 'expected each claim once' : undefined)
    if (message !== undefined) issues.push({ code: 'custom', path: ['*'], message, input: undefined })
    return Object.fromEntries(demands as readonly (readonly [string, Requirement])[])
  }),
)

const textsIn = (demanded: unknown): readonly unknown[] => [trimmed(demanded)].flat()

const faultOf = ([claim, demanded]: readonly [string, boolean | readonly unknown[]]): string | undefined => {
  const unreadable = trustedClaimPath().safeParse(claim).error?.issues[0]?.message
  if (unreadable !== undefined || typeof demanded === 'boolean') return unreadable
  const faults = demanded.map((one) =>
    sentence(one, typeof one === 'string' && /^.{1,200}$/su.test(one) ? '' : REQUIREMENT),
  )
  return demanded.length === 0 ? REQUIREMENT : faults.find((fault) => fault !== '')
}
