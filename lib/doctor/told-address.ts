/** The address from which our calls come, where a refusal says it: nothing else here knows it, and no outside service is asked. */

import type { Outbound } from '../outbound/outbound.ts'
import type { Cause, Finding } from './findings.ts'

/** What firewalls and gateways write before the address of the client. IPv4 alone: Lambda's way out has no other. */
const TOLD =
  /\b(?:your|client|source|remote|request)[\s_-]{0,4}(?:(?:source|client)[\s_-]{0,4})?(?:ip|addr|address)(?:[\s_-]{0,4}(?:ip|addr|address|is|was)){0,4}["'\s:=>(<[/a-z]{0,16}?((?:\d{1,3}\.){3}\d{1,3})\b/i

const REFUSALS = new Set([401, 403, 418])
const ABOUT_ADDRESS: ReadonlySet<Cause> = new Set<Cause>(['KEY_OR_ADDRESS_REFUSED', 'ADDRESS_OR_FIREWALL'])

/** A page of a firewall says it near its beginning. What follows may be of any length, and is not looked at. */
const LOOKED_AT_CHARACTERS = 4096

/** The address that a text tells as the caller's, or undefined. */
export const addressIn = (text: string): string | undefined => {
  const [, address] = TOLD.exec(text.slice(0, LOOKED_AT_CHARACTERS)) ?? []
  return address?.split('.').every((part) => Number(part) <= 255) ? address : undefined
}

/** The same connections, whose refusals are listened to, and what they have told. */
export const listening = (outbound: Outbound) => {
  let address: string | undefined
  const heard: Outbound = async (call, deadline) => {
    const reply = await outbound(call, deadline)
    if (REFUSALS.has(reply.status)) address = addressIn(reply.text) ?? address
    return reply
  }
  return {
    outbound: heard,
    /** With the address, where it may be what is refused. */
    named: (finding: Finding): Finding =>
      address === undefined || !ABOUT_ADDRESS.has(finding.cause) ? finding : { ...finding, address },
  }
}
