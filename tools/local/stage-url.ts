/** Where a tool finds the stage that runs on this machine. */

import { DEFAULT_PORT, LOOPBACK } from './constants.ts'

const HOSTS = [LOOPBACK, 'localhost', '[::1]']

/** `API` where it is set, else `PORT`. Without a slash at the end. Throws for an address of another machine. */
export const stageUrl = ({ API, PORT }: Readonly<Record<string, string | undefined>>): string => {
  if (!API) return `http://${LOOPBACK}:${PORT || DEFAULT_PORT}`
  const url = URL.canParse(API) ? new URL(API) : undefined
  if (url?.protocol === 'http:' && HOSTS.includes(url.hostname)) return API.replace(/\/+$/, '')
  throw new Error(
    `API must be the address of a stage on this machine, such as http://${LOOPBACK}:${DEFAULT_PORT}`,
  )
}
