/** What the client may weigh: a page loads all of it before anybody can write. */

import { gzipSync } from 'node:zlib'

/** Of each form, whole and compressed. */
export const CLIENT_BUDGET_BYTES = 4000

export const gzipBytes = (content: string): number => gzipSync(content, { level: 9 }).length

/** What is wrong with a form of the client, in words; empty when nothing is. */
export const clientBudgetFaults = (name: string, content: string): string[] => {
  const bytes = gzipBytes(content)
  return bytes > CLIENT_BUDGET_BYTES ? [`${name} has ${bytes} of ${CLIENT_BUDGET_BYTES} bytes (gzip)`] : []
}
