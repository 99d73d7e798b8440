/** Where outbound calls may go: https to anything but this machine itself. Private networks are allowed, OIAP lives there. */

import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { BridgeError } from '../errors.ts'

/** Lambda's runtime API and the instance metadata live on these; so does whatever else runs beside us. */
const FORBIDDEN = new BlockList()
for (const [network, prefix, family] of [
  ['0.0.0.0', 8, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['::1', 128, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  // AWS's own link-local services over IPv6
  ['fd00:ec2::', 32, 'ipv6'],
  // IPv4 inside IPv6: compatible, and translated (RFC 6052)
  ['::7f00:0', 104, 'ipv6'],
  ['::a9fe:0', 112, 'ipv6'],
  ['64:ff9b::7f00:0', 104, 'ipv6'],
  ['64:ff9b::a9fe:0', 112, 'ipv6'],
  ['64:ff9b::', 104, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['::ffff:0:0:0', 96, 'ipv6'],
  // 6to4 of the same (RFC 3056), site-local (RFC 3879), and groups, which are nobody's address
  ['2002:7f00::', 24, 'ipv6'],
  ['2002:a9fe::', 32, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
  ['224.0.0.0', 4, 'ipv4'],
  // Everyone on the own network
  ['255.255.255.255', 32, 'ipv4'],
] as const) {
  FORBIDDEN.addSubnet(network, prefix, family)
}

/** Whether an address is loopback, link-local or unspecified, in any of its forms. IPv4-mapped IPv6 counts as IPv4. */
export const isForbiddenAddress = (address: string): boolean => {
  const family = isIP(address.replace(/%.*$/, ''))
  if (family === 0) return true
  return FORBIDDEN.check(address.replace(/%.*$/, ''), family === 6 ? 'ipv6' : 'ipv4')
}

const refused = () =>
  new BridgeError('UPSTREAM_ADDRESS_REFUSED', 'expected an https URL that does not lead to this machine')

/**
 * Throws UPSTREAM_ADDRESS_REFUSED for anything but https, for credentials in a URL, and for an address written out
 * that is forbidden. URL parsing has already undone other spellings (0x7f.1, 2130706433). Names are checked by `guardedLookup`.
 */
export const checkUrl = (url: URL): void => {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isLiteral = isIP(host) !== 0
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') throw refused()
  if (isLiteral && isForbiddenAddress(host)) throw refused()
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

const isLoopbackAddress = (address: string): boolean =>
  isIP(address) !== 0 && LOOPBACK.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Whether an http or https URL names this machine: `localhost`, or a loopback address written out. */
export const isLoopback = ({ protocol, hostname }: URL): boolean =>
  /^https?:$/.test(protocol) &&
  (hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[|\]$/g, '')))

/** Looks a name up and refuses it when one of its addresses is refused: what was checked is what is connected to. */
const lookupThatRefuses =
  (isRefused: (address: string) => boolean): LookupFunction =>
  (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? []
      if (error || first === undefined) return callback(error ?? new Error('no address'), '', 4)
      if (addresses.some(({ address }) => isRefused(address))) return callback(refused(), '', 4)
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family)
    })
  }

/** Of a name on the network. Refuses one with any forbidden address. */
export const guardedLookup = lookupThatRefuses(isForbiddenAddress)

/** Of `localhost`. Refuses it where it leads elsewhere. */
export const loopbackLookup = lookupThatRefuses((address) => !isLoopbackAddress(address))
