/** What `serverless invoke local` prints: it shows an answer's body as escaped text, where a person wants to read it. */

/**
 * Until the returned function is called, a Lambda answer on standard output has its JSON body unfolded.
 * Everything else is printed as it comes.
 */
export const unfoldBodies = (): (() => void) => {
  const { write } = process.stdout
  const unfolding = (chunk: string | Uint8Array, ...rest: never[]): boolean =>
    write.call(process.stdout, typeof chunk === 'string' ? unfolded(chunk) : chunk, ...rest)
  process.stdout.write = unfolding as typeof write
  return () => {
    process.stdout.write = write
  }
}

const unfolded = (text: string): string => {
  try {
    const answer = JSON.parse(text)
    if (typeof answer.statusCode !== 'number' || typeof answer.body !== 'string') return text
    return `${JSON.stringify({ ...answer, body: JSON.parse(answer.body) }, null, 2)}\n`
  } catch {
    return text
  }
}
