/**
 * Who may use the playground: its own page alone. The stage listens on loopback, which every page in this machine's browser can reach;
 * a page of another origin, or one that has pointed a name of its own at 127.0.0.1 (DNS rebinding), must get nothing here.
 */

import { LOOPBACK } from '../constants.ts'

export type RequestHeaders = Readonly<Record<string, string | undefined>>

/** Whether the request was made to this server by an address of its own. Without it, not even the page is served. */
export const isForOwnHost = ({ host = '' }: RequestHeaders, port: number): boolean =>
  [`${LOOPBACK}:${port}`, `localhost:${port}`].includes(host.toLowerCase())

/**
 * Whether the playground's page has sent the request. A browser names the origin with every POST, and leaves it out with a GET of
 * the same origin, where `Sec-Fetch-Site` says so. A program that is no browser may send what it likes: it is on this machine.
 */
export const isByOwnPage = (method: string, headers: RequestHeaders, port: number): boolean => {
  const { host = '', origin, 'sec-fetch-site': site = 'same-origin' } = headers
  const isOwnOrigin = origin === `http://${host}` || (origin === undefined && method.toUpperCase() === 'GET')
  return isForOwnHost(headers, port) && isOwnOrigin && site === 'same-origin'
}
