/** What every command of the operator's program is. */

export type Say = (line: string) => void

export interface Command {
  /** How it is used, in one line: `npm run rotate -- [--stage <stage>]`. */
  readonly usage: string
  /** What it does and what each option means, for `--help`. */
  readonly help: string
  /** Throws UsageError for a wrong command line, and any other error with a message for the operator. */
  readonly run: (args: readonly string[], say: Say) => Promise<void>
}
