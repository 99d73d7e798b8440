/** Which addresses may call a public route. */

import { BlockList, isIP } from 'node:net'

export type Sources = (address: string | undefined) => boolean

/**
 * A list such as `203.0.113.0/24, 2001:db8::/32, 198.51.100.7`, or `undefined` for none, and for one that cannot be read as a whole:
 * a list that is half understood would let in or keep out the wrong ones. A comma may end it.
 */
export const parseSources = (list: string | undefined): Sources | undefined => {
  // Before `isIP` is asked: its pattern for IPv6 takes milliseconds of the start of a function that has no list.
  if (!list) return undefined
  const entries = list.split(',').map((entry) => entry.trim())
  if (entries.length > 1 && entries.at(-1) === '') entries.pop()
  const allowed = new BlockList()
  for (const entry of entries) {
    const [address = '', prefix, ...more] = entry.split('/')
    const version = isIP(address)
    const bits = version === 6 ? 128 : 32
    const length = prefix === undefined ? bits : Number(/^\d{1,3}$/.test(prefix) ? prefix : Number.NaN)
    if (version === 0 || more.length > 0 || !(length >= 0 && length <= bits)) return undefined
    allowed.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4')
  }
  return (address = '') =>
    isIP(address) !== 0 && allowed.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
