/** What callers may ask of CEC's calls for files (uploadFileStream cec_07_0111, downloadFileStream cec_07_0109). */

import * as z from 'zod/mini'
import { BridgeError } from '../../errors.ts'
import { FILE_BODY_LIMIT, fileBytes, MOST_FILE_BYTES } from '../../schemas/file-size.ts'
import { text } from '../../schemas/text.ts'
import { unwrapped } from './requests.ts'

/** CEC's list of 2025; that of 2023 has "BPM" where this one has BMP, and which of the two a CEC takes is its own to say. */
const UPLOADED = ['jpg', 'jpeg', 'png', 'bmp', 'bpm', 'mp3', 'aac', 'mp4', 'txt', 'csv'] as const
const DOWNLOADED = [...UPLOADED, 'richtext', 'doc', 'docx', 'pdf', 'zip'] as const

/** In any case, since CEC's pages list the types in both; in small letters it goes on, as CEC's examples have it. */
const fileType = <const Type extends string>(types: readonly Type[]) => {
  const expected = `expected one of ${types.join(', ')}`
  return z.pipe(z.string(expected).check(z.toLowerCase()), z.enum(types, expected))
}

const channel = z.literal('WEB', 'expected "WEB"')

/**
 * RFC 4648, section 4, in its one canonical spelling, so that two readers see the same file. Held against what Node makes of it:
 * a pattern would be slower on a text of this length.
 */
const fileStream = z.string('expected a string').check(
  z.refine((given) => given !== '' && Buffer.from(given, 'base64').toString('base64') === given, {
    error: 'expected a file as base64 with padding, without line breaks and without "data:"',
    params: { contentEncoding: 'base64' },
  }),
)

/** At most what a message of `poll` holds (500 characters), behind `local/`. */
const MOST_FILE_ID_CHARACTERS = 506

/** Nothing that leads to another place, once a server makes a path or an address of it. */
const fileId = text(MOST_FILE_ID_CHARACTERS).check(
  z.refine((id) => !/[\\%?#]/.test(id), {
    error: 'expected an id of a message, without \\, %, ? and #',
    abort: true,
    params: { pattern: '^[^\\\\%?#]*$' },
  }),
  z.refine((id) => id.split('/').every((part) => !['', '.', '..'].includes(part)), {
    error: 'expected an id of a message, without empty parts, "." and ".." between its slashes',
    params: { pattern: '^(?!(.*/)?\\.{0,2}(/|$))' },
  }),
)

const notAnObject = {
  error: ({ code }: { code?: string }) => (code === 'invalid_type' ? 'expected a JSON object' : undefined),
}

/**
 * A file to send. Table 2 puts the members into `reqBody`, the example does not: both are read, and the example's form is what goes
 * on. Does not check the size (`requireFileSize`), nor that the bytes are of the type that they are said to be of.
 */
export const UploadRequest = z.pipe(
  z.transform(unwrapped),
  z.strictObject({ fileType: fileType(UPLOADED), fileStream, channel }, notAnObject),
)

export type UploadRequest = z.infer<typeof UploadRequest>

/**
 * A file to fetch, in the same two forms. `fileId` is the `content` of a message of `poll`, behind `local/` for a file of an agent's
 * computer; `fileType` is then that message's `mediaFileType`. `multiMedia` is for a file of the multimedia library.
 */
export const DownloadRequest = z.pipe(
  z.transform(unwrapped),
  z.strictObject(
    {
      fileId,
      fileType: fileType(DOWNLOADED),
      channel,
      multiMedia: z.optional(z.literal('multiMedia', 'expected "multiMedia"')),
    },
    notAnObject,
  ),
)

export type DownloadRequest = z.infer<typeof DownloadRequest>

/** Throws FILE_TOO_LARGE, with the figure, for a file of more than 2 MiB. */
export const requireFileSize = ({ fileStream: file }: UploadRequest): void => {
  if (fileBytes(file) > MOST_FILE_BYTES)
    throw new BridgeError(FILE_BODY_LIMIT.code, FILE_BODY_LIMIT.message, {
      detail: { field: 'fileStream' },
    })
}
