/** The command line of `npm run rehearse`. */

import { parseCommandLine, usageError } from '../operator/arguments.ts'

export const USAGE =
  'npm run rehearse -- [--install | --self-test | --upgrade [--from <release>] | --real --region <region> [--stage <stage>] [--secrets <file>]] [--json]'

export const HELP = `Deploys a stage that is thrown away, as docs/deploy.md says, calls every route, changes it, rolls it back, removes
it, and deploys it again over what stayed. Without options it works on an AWS emulator, in a network of its own.
  --install         makes the Python environment that the emulator and the linter need, in .python
  --self-test       shows that errors planted in the template are found
  --upgrade         the release before this one under load, this one over it, and the former again; counts what is answered wrongly
  --from <release>  with --upgrade: another former release, by its tag or commit
  --real            a real account with your credentials and no emulator: it makes and deletes a stage there
  --region          the region; default eu-west-1 in the emulator
  --stage           a stage's name that begins with "rehearsal"; default rehearsal
  --secrets <file>  a tenant's secrets by vendor, for --real: {"cec":{…},"oiap":{…},"live":{…}}. Without it the vendors' routes are left out
  --json            the steps as JSON at the end, in place of the table`

export interface RehearsalArguments {
  readonly mode: 'install' | 'self-test' | 'upgrade' | 'emulator' | 'real'
  readonly stage: string
  readonly region: string
  readonly secretsFile: string | undefined
  readonly from: string | undefined
  readonly json: boolean
}

const OPTIONS = {
  install: { type: 'boolean' },
  'self-test': { type: 'boolean' },
  upgrade: { type: 'boolean' },
  from: { type: 'string' },
  real: { type: 'boolean' },
  region: { type: 'string' },
  stage: { type: 'string' },
  secrets: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** The stage is deleted in the end, with its secrets: no other stage may be named by mistake. */
const STAGE = /^rehearsal[A-Za-z0-9-]{0,14}$/

/** Throws UsageError for anything that it does not know. */
export const parseArguments = (args: readonly string[]): RehearsalArguments => {
  const { values } = parseCommandLine(args, { options: OPTIONS, usage: USAGE })
  const modes = (['install', 'self-test', 'upgrade', 'real'] as const).filter((name) => values[name])
  if (modes.length > 1)
    throw usageError(`${modes.map((name) => `--${name}`).join(' and ')} exclude each other.`, USAGE)
  const mode = modes[0] ?? 'emulator'
  const stage = values.stage ?? 'rehearsal'
  if (!STAGE.test(stage))
    throw usageError(
      '--stage: expected a name that begins with "rehearsal", of at most 23 letters, digits and hyphens: it is deleted in the end.',
      USAGE,
    )
  if (mode === 'real' && values.region === undefined)
    throw usageError('--real needs --region <region>.', USAGE)
  if (mode !== 'upgrade' && values.from !== undefined) throw usageError('--from goes with --upgrade.', USAGE)
  if (mode !== 'real' && values.secrets !== undefined) throw usageError('--secrets goes with --real.', USAGE)
  return {
    mode,
    stage,
    region: values.region ?? 'eu-west-1',
    secretsFile: values.secrets,
    from: values.from,
    json: values.json === true,
  }
}
