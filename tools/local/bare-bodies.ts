/** Bodies that are JSON of one falsy value. The offline plugin reads JSON itself, and then takes such a body for none, or for no text. */

/** The part of hapi's request that is changed here. */
export interface BodyRequest {
  payload?: unknown
}

/** What a body of ours may begin with, and what the plugin's own parser does not take: it then hands the text on as it came. */
const BYTE_ORDER_MARK = Buffer.from('\ufeff')

/** `false`, `0`, `null`, `""`, and whatever else is read as one of them. */
const isFalsy = (text: string): boolean => {
  try {
    return !JSON.parse(text)
  } catch {
    return false
  }
}

/** Longer ones are no single falsy value but for blanks. */
const MOST_BYTES = 64

export const keepBareBody = (request: BodyRequest): void => {
  const { payload } = request
  if (!Buffer.isBuffer(payload) || payload.length > MOST_BYTES || !isFalsy(payload.toString())) return
  request.payload = Buffer.concat([BYTE_ORDER_MARK, payload])
}
