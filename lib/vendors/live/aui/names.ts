/** Faults in the words of Alibaba's ready clients, which name a user in their own way. */

import { BridgeError, type ErrorCode } from '../../../errors.ts'

/** What the calls behind these routes name the member `user_id`. */
const USER = /^[uU]serId(?=:|$)/

/** Faults of the request. The settings have a member of that name too, which stays what it is. */
const OF_THE_REQUEST: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['BODY_INVALID', 'RATE_EXCEEDED'])

/** The work, of which a fault about the user names the member that the client has sent. */
export const inTheirNames =
  <Request, Answer>(run: (request: Request) => Promise<Answer>) =>
  async (request: Request): Promise<Answer> => {
    try {
      return await run(request)
    } catch (error) {
      throw renamed(error)
    }
  }

const renamed = (error: unknown): unknown => {
  if (!(error instanceof BridgeError) || !OF_THE_REQUEST.has(error.code)) return error
  if (!USER.test(error.detail.field ?? '')) return error
  const detail = { ...error.detail, field: 'user_id' }
  return new BridgeError(error.code, error.message.replace(USER, 'user_id'), { detail, cause: error })
}
