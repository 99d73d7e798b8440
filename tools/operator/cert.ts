/** `npm run cert`: the certificates of an address as files, for the operators of CEC or whoever must trust it. */

import { readFileSync } from 'node:fs'
import { parseCommandLine, usageError } from './arguments.ts'
import { type Chain, chainOf } from './cert/chain.ts'
import { faultsOf, trustText } from './cert/faults.ts'
import { type Written, written } from './cert/files.ts'
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
Ends with 1 when the chain has no root, has ended, or ends within 30 days.`

const OPTIONS = {
  url: { type: 'string' },
  out: { type: 'string' },
  'server-name': { type: 'string' },
  ca: { type: 'string' },
  json: { type: 'boolean' },
} as const

export const certCommand: Command = {
  usage: USAGE,
  help: HELP,
  run: async (line, say) => {
    const { values } = parseCommandLine(line, { options: OPTIONS, usage: USAGE })
    const url = URL.parse(values.url ?? '')
    if (url?.protocol !== 'https:') throw usageError('--url: expected an https address.', USAGE)
    if (url.username !== '' || url.password !== '')
      throw usageError('--url: expected an address without a user and a password.', USAGE)
    const chain = await chainOf({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || 443),
      serverName: values['server-name'] ?? (isAddress(url.hostname) ? '' : url.hostname),
      ca: values.ca === undefined ? undefined : textOf(values.ca),
    })
    const files = written(chain, values.out ?? '.')
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
    ...[trustText(chain)].flatMap((text) => text ?? []),
  ].join('\n\n')
}
