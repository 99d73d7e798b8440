/** What a person is asked who makes a caller key without saying more. */

import { SCOPES } from '../../../lib/schemas/callers.ts'
import type { Prompt } from '../prompt.ts'
import { DEFAULT_DAYS, type NewCaller } from './new-caller.ts'

const listIn = (answer: string): readonly string[] => answer.split(/[\s,]+/).filter(Boolean)

export const askedCaller = async ({ ask }: Prompt): Promise<NewCaller> => {
  const callerId = await ask({ text: 'callerId (what the log calls it, such as shop)' })
  const tenants = listIn(await ask({ text: 'tenants (with blanks between them)' }))
  const tenantPrefixes = listIn(
    await ask({ text: 'prefixes of tenants, each with "-" or "_" at its end (empty for none)' }),
  )
  const scopes = listIn(
    await ask({ text: `scopes, of ${SCOPES.join(', ')} (empty for enterprise-token:issue)` }),
  )
  const days = await ask({ text: `days until it ends (empty for ${DEFAULT_DAYS})` })
  return {
    ...{ callerId, tenants, tenantPrefixes, days: days === '' ? DEFAULT_DAYS : Number(days) },
    ...(scopes.length === 0 ? {} : { scopes }),
  }
}
