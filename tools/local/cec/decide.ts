/** What CEC makes of an answer of the enterprise's validate URL. */

export interface ValidateAnswer {
  readonly status: number
  readonly body: string
}

export interface Decision {
  readonly admitted: boolean
  /** Why, in words for a person. */
  readonly reason: string
  /** As answered, where the answer had them. */
  readonly retCode?: number
  readonly message?: string
}

/**
 * Admits on HTTP 200 with the integer `retCode` 0 and a non-empty `message`, and on nothing else.
 * CEC's document calls both mandatory; that an empty message fails is inferred, so we hold ourselves to it.
 */
export const decide = ({ status, body }: ValidateAnswer): Decision => {
  if (status !== 200) return refused(`the validate URL answered with HTTP status ${status}`)
  const answer = parse(body)
  if (answer === undefined) return refused('the answer is not a JSON object')
  const { retCode, message } = answer
  if (!Number.isInteger(retCode)) return refused('retCode is not an integer')
  if (typeof message !== 'string' || message === '') return refused('message is missing or empty')
  const seen = { retCode: retCode as number, message }
  if (retCode !== 0) return { ...refused(`the enterprise refuses: ${message}`), ...seen }
  return { admitted: true, reason: 'the enterprise says that the token is this user’s', ...seen }
}

const refused = (reason: string): Decision => ({ admitted: false, reason })

const parse = (body: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
