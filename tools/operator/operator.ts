/** `npm run operator -- <command>`: the one program for everything that an operator does to a stage. */

import { UsageError, usageError } from './arguments.ts'
import type { Command, Say } from './command.ts'

interface Entry {
  /** For the list of commands. */
  readonly summary: string
  /** Loads the command alone: the others' AWS clients would cost seconds. */
  readonly load: () => Promise<Command>
}

export const COMMANDS: Readonly<Record<string, Entry>> = {
  adopt: {
    summary: 'takes what a removed stage has left behind into its stack again',
    load: async () => (await import('./adopt.ts')).adoptCommand,
  },
  'caller-key': {
    summary: 'makes a caller key, and its entry for the secret "callers" or the callers table',
    load: async () => (await import('./caller-key.ts')).callerKeyCommand,
  },
  callers: {
    summary: 'lists the callers of a stage, moves them into the callers table, and ends one',
    load: async () => (await import('./callers.ts')).callersCommand,
  },
  cert: {
    summary: 'writes the certificates of an address, for whoever asks for them',
    load: async () => (await import('./cert.ts')).certCommand,
  },
  doctor: {
    summary: 'says what is wrong with a stage and its tenants, and who can mend it',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  restore: {
    summary: "follows a restore of the directory's table, so that nothing comes back that was ended",
    load: async () => (await import('./restore.ts')).restoreCommand,
  },
  rotate: {
    summary: 'rotates the signing keys, or drops one that has leaked',
    load: async () => (await import('./rotate.ts')).rotateCommand,
  },
  tenant: {
    summary: "puts a tenant's settings for the vendors, checks and lists them",
    load: async () => (await import('./tenant.ts')).tenantCommand,
  },
  tokens: {
    summary: 'shows what the token store holds, and lifts a block',
    load: async () => (await import('./tokens.ts')).tokensCommand,
  },
  user: {
    summary: 'puts, shows, ends and imports users of the directory',
    load: async () => (await import('./user.ts')).userCommand,
  },
  'user-id': {
    summary: "prints the userId that is derived of an identity provider's claim",
    load: async () => (await import('./user-id.ts')).userIdCommand,
  },
}

const USAGE = 'npm run operator -- <command> [--help]'

/** For the operator: results, and what is wrong. */
export interface Output {
  readonly say: Say
  readonly complain: Say
}

/**
 * Runs one command. Returns the exit code: 0, 1 when it failed, 2 when the command line is wrong. Throws nothing. Where an error
 * comes from is shown with `DEBUG=1` in the environment alone.
 */
export const operate = async (args: readonly string[], { say, complain }: Output): Promise<0 | 1 | 2> => {
  try {
    await dispatch(args, say)
    return 0
  } catch (error) {
    complain((error as Error).message)
    if (process.env['DEBUG']) complain(String((error as Error).stack))
    return error instanceof UsageError ? 2 : 1
  }
}

const dispatch = async ([name, ...args]: readonly string[], say: Say): Promise<void> => {
  if (name !== undefined && isHelp(name)) return say(overview())
  const entry = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (entry === undefined) {
    const names = Object.keys(COMMANDS).join(', ')
    throw usageError(
      name === undefined
        ? `Name a command: ${names}.`
        : `${JSON.stringify(name)} is no command: expected one of ${names}.`,
      USAGE,
    )
  }
  const command = await entry.load()
  if (args.some(isHelp)) return say(`Use: ${command.usage}\n\n${command.help}`)
  await command.run(args, say)
}

const isHelp = (argument: string): boolean => argument === '--help' || argument === '-h'

const overview = (): string => {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`)
  return [
    `Use: ${USAGE}\n`,
    ...lines,
    '\nA command that needs a stage takes the local one that runs, or --stage <stage> --region <region>. DEBUG=1 shows where an error comes from.',
  ].join('\n')
}

// Not import.meta.main: the oldest Node that the lockfile pins does not have it.
if (process.argv[1] === import.meta.filename) {
  process.exitCode = await operate(process.argv.slice(2), { say: console.log, complain: console.error })
}
