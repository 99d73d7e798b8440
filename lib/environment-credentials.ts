/** Credentials for the AWS clients, from the environment and from nowhere else. */

const read = (name: string): string => {
  const value = process.env[name]
  if (value) return value
  throw new Error(`environment variable ${name} is missing: the AWS clients have no credentials`)
}

/**
 * Stands in for the SDK's default credential chain in the packaged functions (an alias in `serverless.yml`).
 * Lambda hands a role's credentials over in these three variables, where the chain looks first as well:
 * its other sources (profiles, SSO, containers, instance metadata) would be 130 KB of dead code.
 *
 * Takes and ignores the options that the SDK passes. The returned provider reads the variables at each call and
 * rejects with the name of the missing one; `AWS_SESSION_TOKEN` alone may be absent (long-lived keys have none).
 */
export const defaultProvider = (_options?: unknown) => async () => {
  const sessionToken = process.env['AWS_SESSION_TOKEN']
  return {
    accessKeyId: read('AWS_ACCESS_KEY_ID'),
    secretAccessKey: read('AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken ? { sessionToken } : {}),
  }
}
