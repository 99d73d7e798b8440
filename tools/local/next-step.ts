/** What to do about a failure of a command that works on a stage. */

import { LOCAL_STAGE } from './constants.ts'
import { fileFault } from './file-faults.ts'

/** The network's own word for a failure, such as ECONNREFUSED. */
const NETWORK_CODE = /^E[A-Z]+$/

/** The failure's own name for itself, through what our modules wrap around it. */
const reasonOf = (error: unknown): string => {
  const { reason, detail, code, name, cause } = error as {
    reason?: string
    detail?: { reason?: string }
    code?: string
    name?: string
    cause?: { code?: unknown }
  }
  // The SDK's name for it is Error, and our modules know it by that name.
  const network = [code, cause?.code].find((text) => NETWORK_CODE.test(String(text)))
  return String(network ?? reason ?? detail?.reason ?? name ?? 'Unknown')
}

const STEPS: readonly (readonly [RegExp, (stage: string, rights: string) => string])[] = [
  [
    /^E[A-Z]+$|Timeout/,
    (stage) =>
      stage === LOCAL_STAGE
        ? 'Nothing answers there. Start a stage with npm start or npm run emulators, or unset AWS_ENDPOINT_URL_….'
        : 'AWS cannot be reached. Check the network, --region, and that no AWS_ENDPOINT_URL_… is set.',
  ],
  [
    /Credential|Token|Signature|UnrecognizedClient/,
    () =>
      'AWS does not know you. Sign in (for instance aws sso login), or set AWS_PROFILE, and run the command again.',
  ],
  [/AccessDenied/, (_stage, rights) => `You may not do this. It needs ${rights}.`],
  [
    /ResourceNotFound/,
    (stage) =>
      `There is no stage "${stage}" at that place. Check --stage and --region; AWS_ENDPOINT_URL_… in the environment lead elsewhere.`,
  ],
  [
    /InvalidRequest/,
    () =>
      'Another rotation has just begun. Wait a minute and run the command again; if it stays so, add --begin-anew.',
  ],
]

/** A failure of this machine's files is none of the stage's. */
const fileText = (error: unknown): string | undefined => {
  const { code, path } = error as NodeJS.ErrnoException
  const fault = fileFault(error)
  return fault === undefined
    ? undefined
    : `${code}: ${path ?? 'A file of this machine'}: ${fault}. Mend that, and run the command again.`
}

/**
 * One or two sentences for the operator, the failure's own name included. Shows no value of the stage. `rights` are
 * what the command needs, for whoever lacks them.
 */
export const failureText = (error: unknown, stage: string, rights: string): string => {
  const reason = reasonOf(error)
  const message = error instanceof Error ? error.message : String(error)
  // The SDK gives this one no name of its own, and our reader of secrets wraps it.
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : ''
  if ([message, cause].some((text) => text.startsWith('Region is missing'))) {
    return 'No region is given. Add --region <region>.'
  }
  // AWS has one name for this and for a rotation that has begun.
  if ([message, cause].some((text) => /marked for deletion/.test(text)))
    return `${reason}: A secret of the stage is marked for deletion. It can be restored as it was: npm run adopt, or aws secretsmanager restore-secret.`
  const inFile = fileText(error)
  if (inFile !== undefined) return inFile
  const [, step] = STEPS.find(([names]) => names.test(reason)) ?? []
  return step === undefined ? message : `${reason}: ${step(stage, rights)}`
}
