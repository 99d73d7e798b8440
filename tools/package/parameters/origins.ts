/** Origins of pages: `corsOrigins`. */

import { LOCAL_STAGE } from '../../local/constants.ts'
import { listPattern, PORT } from './template-rules.ts'

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3})$/
const HOST = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/

// Within a list, a comma or the end of the text ends an entry.
const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?'
const OTHER_PORT = `(?!443(?:,|$))${PORT}`
const OF_THIS_MACHINE = '(?:(?:[^,/:]*\\.)?localhost|127(?:\\.\\d+){3})(?:[,:]|$)'
/** A list of origins as a pattern of CloudFormation's: none of this machine, without port 443, and with none above 65535. */
export const ORIGINS_PATTERN = listPattern(
  `https://(?!${OF_THIS_MACHINE})${LABEL}(?:\\.${LABEL})*(?::${OTHER_PORT})?`,
)

const EXPECTED = 'expected https:// and a host'

/** What is wrong with one origin, which must be exactly what a browser sends. */
export const originFault =
  (stage: string) =>
  (entry: string): string | undefined => {
    if (entry.includes('*')) return 'expected no "*", which would let every page in'
    const url = URL.canParse(entry) ? new URL(entry) : undefined
    if (url === undefined || !HOST.test(url.hostname) || url.port === '0') return EXPECTED
    if (LOOPBACK.test(url.hostname)) {
      if (stage !== LOCAL_STAGE) return 'expected no page of this machine, which only npm start lets in'
      if (!/^https?:$/.test(url.protocol)) return EXPECTED
    } else if (url.protocol !== 'https:') return EXPECTED
    return entry === url.origin ? undefined : `expected "${url.origin}", as a browser sends it`
  }
