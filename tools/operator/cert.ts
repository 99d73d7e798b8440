/** `npm run cert`: the certificates of an address as files, for the operators of CEC or whoever must trust it. */

import type { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCommandLine, usageError } from './arguments.ts'
import { type Chain, chainOf } from './cert/chain.ts'
import type { Command } from './command.ts'
import { aligned } from './tokens/report.ts'

const USAGE =
  'npm run cert -- --url <https address> [--out <folder>] [--server-name <name>] [--ca <file>] [--json]'

const HELP = `Writes the certificates of an address as DER files: leaf.cer, intermediate.cer (intermediate-2.cer, …) and root.cer. Says which
to hand over, and when each ends. It sends nothing to the address.
  --url <address>        such as the ValidateUrl of your stage
  --out <folder>         where the files go, default the present folder; it is made where it is not there
  --server-name <name>   the name that TLS asks for, where it is not the host of the address
  --ca <file>            PEM of a private root that this machine does not know
  --json                 the same as JSON, for scripts
Ends with 1 when the chain has no root, or ends within 30 days.`

const OPTIONS = {
  url: { type: 'string' },
  out: { type: 'string' },
  'server-name': { type: 'string' },
  ca: { type: 'string' },
  json: { type: 'boolean' },
} as const

const DAY_MS = 24 * 3_600_000
/** To hand a new one over takes weeks between companies. */
const SOON_DAYS = 30

interface Written {
  readonly file: string
  readonly role: 'leaf' | 'intermediate' | 'root'
  readonly subject: string
  /** ISO 8601. */
  readonly endsAt: string
  readonly isToHandOver: boolean
}

export const certCommand: Command = {
  usage: USAGE,
  help: HELP,
  run: async (line, say) => {
    const { values } = parseCommandLine(line, { options: OPTIONS, usage: USAGE })
    const url = URL.parse(values.url ?? '')
    if (url?.protocol !== 'https:') throw usageError('--url: expected an https address.', USAGE)
    const chain = await chainOf({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || 443),
      serverName: values['server-name'] ?? (isAddress(url.hostname) ? '' : url.hostname),
      ca: values.ca === undefined ? undefined : textOf(values.ca),
    })
    const files = write(chain, values.out ?? '.')
    if (values.json)
      say(
        JSON.stringify(
          { url: url.href, files, isComplete: chain.isComplete, fault: chain.fault ?? null },
          null,
          2,
        ),
      )
    else say(textFor(chain, files))
    const [fault] = faultsOf(chain)
    if (fault !== undefined) throw new Error(fault)
  },
}

const isAddress = (host: string): boolean => /^[\d.]+$|^\[/.test(host)

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw usageError(`--ca: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`, USAGE)
  }
}

/** The root stays for years. Where there is none, whoever trusts can only trust the leaf itself. */
const write = ({ leaf, intermediates, root }: Chain, folder: string): Written[] => {
  mkdirSync(folder, { recursive: true })
  const put = (name: string, role: Written['role'], one: X509Certificate): Written => {
    const file = join(folder, `${name}.cer`)
    writeFileSync(file, one.raw)
    return {
      ...{
        file,
        role,
        subject: one.subject.replaceAll('\n', ', '),
        endsAt: new Date(one.validTo).toISOString(),
      },
      isToHandOver: role === (root === undefined ? 'leaf' : 'root'),
    }
  }
  return [
    put('leaf', 'leaf', leaf),
    ...intermediates.map((one, at) =>
      put(at === 0 ? 'intermediate' : `intermediate-${at + 1}`, 'intermediate', one),
    ),
    ...(root === undefined ? [] : [put('root', 'root', root)]),
  ]
}

const HEADS = ['file', 'is', 'of', 'ends']

const textFor = (chain: Chain, files: readonly Written[]): string => {
  const rows = files.map(({ file, role, subject, endsAt }) => [file, role, subject, endsAt.slice(0, 10)])
  const wanted = files.filter(({ isToHandOver }) => isToHandOver)
  const names = wanted
    .map(({ file, endsAt }) => `${file}, which ends on ${endsAt.slice(0, 10)}`)
    .join(' and ')
  const why =
    chain.root === undefined
      ? 'No root was found, so that only the leaf can be trusted: it must be handed over anew each time it is renewed.'
      : 'It stays when the leaf is renewed. Give the leaf only to somebody who insists on it: it ends sooner, and must then be handed over again.'
  return [
    aligned([HEADS, ...rows]),
    `Hand to CEC's operators: ${names}. ${why}`,
    ...(chain.isComplete
      ? []
      : [
          'The server does not show its whole chain: have it send each intermediate, since many clients refuse it otherwise.',
        ]),
    ...(chain.fault === undefined
      ? []
      : [
          `This machine does not trust the server (${chain.fault}). With a private root, name it: --ca <file>.`,
        ]),
  ].join('\n\n')
}

const faultsOf = ({ leaf, intermediates, root }: Chain): string[] => {
  const soon = [leaf, ...intermediates, ...(root === undefined ? [] : [root])].filter(
    ({ validTo }) => new Date(validTo).getTime() - Date.now() < SOON_DAYS * DAY_MS,
  )
  return [
    ...(root === undefined && leaf.subject !== leaf.issuer
      ? ['The root of this chain is not known here. Ask for it, and name it with --ca.']
      : []),
    ...soon.map(
      ({ subject, validTo }) =>
        `${subject.replaceAll('\n', ', ')} ends soon, on ${new Date(validTo).toISOString().slice(0, 10)}.`,
    ),
  ]
}
