/** Addresses that may call the validate route: `cecSourceCidrs`. */

import { BlockList, isIP } from 'node:net'
import { parseSources } from '../../../lib/schemas/sources.ts'
import { entriesOf } from './shapes.ts'
import { listPattern, OCTET } from './template-rules.ts'

/** IANA's special-purpose blocks (RFC 6890) from which nobody can call an address of the internet. */
const NOT_PUBLIC: readonly (readonly [block: string, bits: number, what: string])[] = [
  ['0.0.0.0', 8, 'this network'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, "a provider's inner network"],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['172.16.0.0', 12, 'private'],
  ['192.168.0.0', 16, 'private'],
  ['224.0.0.0', 3, 'multicast or reserved'],
  ['::', 96, 'loopback'],
  ['::ffff:0:0', 96, 'IPv4 written as IPv6'],
  ['fc00::', 7, 'private'],
  ['fe80::', 10, 'link-local'],
  ['ff00::', 8, 'multicast'],
]

/** The table above, as far as it is of IPv4. */
const NOT_PUBLIC_V4 =
  '(?:0|10|127|169\\.254|172\\.(?:1[6-9]|2\\d|3[01])|192\\.168|100\\.(?:6[4-9]|[7-9]\\d|1[01]\\d|12[0-7])|22[4-9]|2[345]\\d)\\.'
/**
 * A list of public addresses and blocks as a pattern of CloudFormation's. Of IPv4 alone, on which the API answers, and without the look
 * at a block's first address.
 */
export const SOURCES_PATTERN = listPattern(
  `(?:0\\.0\\.0\\.0/0|(?!${NOT_PUBLIC_V4})${OCTET}(?:\\.${OCTET}){3}(?:/(?:[1-9]|[12]\\d|3[0-2]))?)`,
)

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** What is wrong with one address or block. A block of all addresses is only warned of. */
export const sourceFault = (entry: string): string | undefined => {
  const [address = '', prefix] = entry.split('/')
  if (parseSources(entry) === undefined) return 'expected an IP address or a block of them'
  if (isEverybody(entry)) return undefined
  const found = NOT_PUBLIC.find(([block, bits]) => holds(block, bits, address))
  if (found !== undefined)
    return `expected public addresses, the only ones API Gateway sees: this one is ${found[2]}`
  const first = firstOf(address, Number(prefix ?? 128))
  return first === undefined ? undefined : `expected ${first}/${prefix}, the first address of the block`
}

const isEverybody = (entry: string): boolean => /\/0+$/.test(entry)

const holds = (block: string, bits: number, address: string): boolean => {
  if (familyOf(block) !== familyOf(address)) return false
  const list = new BlockList()
  list.addSubnet(block, bits, familyOf(block))
  return list.check(address, familyOf(address))
}

/** The first address of a block of IPv4, where another one is written. Of IPv6 the bits are not looked at. */
const firstOf = (address: string, bits: number): string | undefined => {
  if (familyOf(address) === 'ipv6' || bits > 32) return undefined
  const size = 2 ** (32 - bits)
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const first = number - (number % size)
  if (first === number) return undefined
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')
}

/** What is allowed and probably not meant. */
export const sourceWarning = (value: unknown): string | undefined => {
  const entries = entriesOf(value) ?? []
  if (entries.some(isEverybody)) return 'it lets every address call the validate route, as an empty list does'
  if (entries.some((entry) => entry.includes(':')))
    return 'the API answers on IPv4 alone, so that an IPv6 address matches no caller'
  return undefined
}
