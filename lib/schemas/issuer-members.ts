/** Types of the members that only entries of `issuers` have. */

import * as z from 'zod'
import { isObject, trimmed } from './pasted.ts'
import { invisibleIn, judgedText, text } from './setting-types.ts'
import { address } from './setting-urls.ts'

export const name = (most: number) =>
  text(new RegExp(`^[^]{1,${most}}$`, 'u'), `expected 1 to ${most} characters`)

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
  judgedText('expected 1 to 128 characters', (path) => {
    if (!/^.{1,128}$/su.test(path)) return 'expected 1 to 128 characters'
    return OF_THE_USERS.test(path) ? 'expected a claim that users cannot set themselves' : undefined
  })

export const list = (item: z.ZodType<string>) =>
  z.array(item, 'expected a list').max(100, 'expected at most 100')

/** A claim is one of these texts, is there, or is not there. */
export type Requirement = readonly string[] | boolean

const REQUIREMENT = 'expected for each claim a text, a list of texts, true or false'

/** What further claims must hold. A fault shows every claim as `*`: its name may be anything. `null` demands nothing. */
export const requirements = z
  .custom<object>(isObject, 'expected an object from claims to what they must be')
  .transform((value, { issues }): Readonly<Record<string, Requirement>> => {
    const pairs = Object.entries(value).filter(([, demanded]) => demanded !== null)
    const read = pairs.map(([claim, demanded]) => [claim.trim(), requirement(demanded)] as const)
    const fault = read.map(([claim]) => faultOf(claim)).find((one) => one !== undefined)
    const isRead = read.every(([, demanded]) => demanded !== undefined)
    if (fault !== undefined || !isRead)
      issues.push({ code: 'custom', path: ['*'], message: fault ?? REQUIREMENT, input: undefined })
    return Object.fromEntries(read) as Record<string, Requirement>
  })

const faultOf = (claim: string): string | undefined =>
  trustedClaimPath().safeParse(claim).error?.issues[0]?.message

const requirement = (demanded: unknown): Requirement | undefined => {
  if (typeof demanded === 'boolean') return demanded
  const texts = [trimmed(demanded)].flat()
  const isText = (one: unknown) =>
    typeof one === 'string' && one !== '' && one.length <= 200 && invisibleIn(one) === undefined
  return texts.length > 0 && texts.every(isText) ? (texts as string[]) : undefined
}
