/** How large a file of a chat may be: one figure for both directions, and what follows from it for requests and answers. */

/**
 * 2 MiB. CEC lets a customer download 2 MB unless its operators raise that (downloadFileStream, "Scenario"). The figure also fits
 * whatever way the JSON is written: see MOST_FILE_MESSAGE_BYTES.
 */
export const MOST_FILE_BYTES = 2 * 1024 * 1024

const MOST_FILE_CHARACTERS = Math.ceil(MOST_FILE_BYTES / 3) * 4

/** For the other members, and for a base64 with line breaks or with `\/` where others write `/`. */
const AROUND_THE_FILE_BYTES = 256 * 1024

/**
 * What the JSON around such a file may take. Lambda hands over 6 MB (6,291,556 bytes) of JSON in each direction, in which a body
 * is a string: at worst each of its characters is escaped there, or API Gateway makes base64 of it once more. Twice this figure is
 * below 6 MB. An HTTP API takes 10 MB, and neither streams.
 */
export const MOST_FILE_MESSAGE_BYTES = MOST_FILE_CHARACTERS + AROUND_THE_FILE_BYTES

export const FILE_SIZE_EXPECTED = `expected a file of at most ${MOST_FILE_BYTES} bytes`

const FILE_TOO_LARGE = `fileStream: ${FILE_SIZE_EXPECTED}`

/** Of a request with a file: what is too long for it holds a file that is too large. */
export const FILE_BODY_LIMIT = {
  bytes: MOST_FILE_MESSAGE_BYTES,
  code: 'FILE_TOO_LARGE',
  message: FILE_TOO_LARGE,
} as const

/** Bytes that a base64 text stands for, blanks and line breaks within it left aside. Does not check that it is base64. */
export const fileBytes = (base64: string): number =>
  Buffer.byteLength(/\s/.test(base64) ? base64.replace(/\s+/g, '') : base64, 'base64')
