/** The functions' log for a person who watches: one short line for each JSON line. */

/** What every line has, or what a person does not look for. */
const LEFT_OUT = new Set([
  'level',
  'time',
  'code',
  'function',
  'status',
  'requestId',
  'durationMs',
  'audit',
  '_aws',
])
const MOST_CHARACTERS = 60

/** The line in short, or as it is where it is none of the functions' log. */
export const shortLine = (line: string): string => {
  const fields = logFields(line)
  if (fields === undefined) return line
  const { time, level, status, code, function: name = '', durationMs, ...others } = fields
  const rest = Object.entries(others)
    .filter(([field, value]) => !LEFT_OUT.has(field) && typeof value !== 'object')
    .map(([field, value]) => `${field}=${shown(value)}`)
  const taken = durationMs === undefined ? '' : `${durationMs} ms`
  return [clock(time), String(level).padEnd(5), status ?? '', name, code, taken, ...rest]
    .filter((part) => part !== '')
    .join('  ')
}

export interface ShortRequest {
  /** Since 1970. */
  readonly ms: number
  readonly status: number
  /** Method and path. */
  readonly asked: string
  readonly reason: string
}

/** The line of a request that no function has written of. */
export const shortRequest = ({ ms, status, asked, reason }: ShortRequest): string =>
  [clock(new Date(ms).toISOString()), 'INFO ', status, `${shown(plain(asked))}: ${plain(reason)}`].join('  ')

/** A terminal takes some characters for orders. */
const plain = (text: string): string => text.replaceAll(/[^ -~]/g, '?')

const logFields = (line: string): Readonly<Record<string, unknown>> | undefined => {
  if (!line.startsWith('{"level":')) return undefined
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>
  } catch {
    return undefined
  }
}

const clock = (time: unknown): string => String(time).slice(11, 19)

const shown = (value: unknown): string => {
  const text = String(value)
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text
}

/** A writer of whole lines in short. What does not end in a line break yet waits for its end. */
export const shortening = (write: (text: string) => void): ((chunk: string) => void) => {
  let begun = ''
  return (chunk) => {
    const lines = (begun + chunk).split('\n')
    begun = lines.pop() ?? ''
    if (lines.length > 0) write(lines.map((line) => `${shortLine(line)}\n`).join(''))
  }
}
