/** The errors of AWS Secrets Manager, with the names and messages it uses. */

/** An error that goes to the client as `{"__type": type, "Message": message}` with `status`. */
export class AwsError extends Error {
  readonly type: string
  readonly status: number

  constructor(type: string, message: string, status = 400) {
    super(message)
    this.name = 'AwsError'
    this.type = type
    this.status = status
  }
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message)
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message)
}

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message)
}

/** `what` continues the sentence for a missing version, e.g. `value for VersionId: <id>`. */
export function notFound(what?: string): AwsError {
  const rest = what === undefined ? '.' : ` ${what}`
  return new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret${rest}`)
}

export function secretExists(name: string): AwsError {
  return new AwsError(
    'ResourceExistsException',
    `The operation failed because the secret ${name} already exists.`,
  )
}

export function versionExists(token: string, arn: string): AwsError {
  return new AwsError(
    'ResourceExistsException',
    `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${arn}.`,
  )
}

/** What GetSecretValue says of a secret whose key is of no use, by what is wrong with the key. */
export const KEY_FAULTS = {
  denied: () => new AwsError('AccessDeniedException', 'Access to KMS is not allowed'),
  disabled: (key: string) => invalidRequest(`${key} is disabled.`),
  'pending-deletion': (key: string) => invalidRequest(`${key} is pending deletion.`),
  gone: () =>
    new AwsError(
      'DecryptionFailure',
      "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
    ),
} as const satisfies Record<string, (key: string) => AwsError>

export type KeyFault = keyof typeof KEY_FAULTS

export function markedForDeletion(): AwsError {
  return invalidRequest("You can't perform this operation on the secret because it was marked for deletion.")
}
