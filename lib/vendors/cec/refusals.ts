/** What CEC's statuses mean, call by call: your values, your address, or later. */

import {
  classOfStatus,
  type FailureClass,
  type UpstreamFailure,
  vendorRefusal,
} from '../../outbound/failures.ts'
import type { Reply } from '../../outbound/outbound.ts'

interface CecCall {
  /** The setting that holds its address. */
  readonly addressSetting: 'tokenUrl' | 'applyTokenUrl' | 'chatUrl'
  /** Before what a status means in general: a 404 a wrong address, 429 too many calls, every other 5xx an outage. */
  readonly byStatus: Readonly<Record<number, FailureClass>>
  /** What to look at when what the call says is refused. */
  readonly values?: string
}

const CALLS = {
  /** Undocumented. Seen in the wild: a wrong key, an address that is not listed, and a firewall look alike. */
  tokenByAkSk: {
    addressSetting: 'tokenUrl',
    byStatus: {
      400: 'settings-refused',
      401: 'refused-unclear',
      403: 'refused-unclear',
      418: 'refused-unclear',
    },
    values: 'appKey, appSecret and tokenExpireSeconds',
  },
  /** Seed 000, last page: 500 is a "business failure", whose remedy is other values. 403 without CEC's words: a firewall. */
  applyToken: {
    addressSetting: 'applyTokenUrl',
    byStatus: {
      400: 'invalid-request',
      403: 'refused-unclear',
      418: 'refused-unclear',
      422: 'values-refused',
      500: 'values-refused',
    },
    values: 'channelId, userId, userName and locale',
  },
  /** No document at hand lists the statuses of `send` and `poll`: 500 stays an outage. */
  chat: {
    addressSetting: 'chatUrl',
    byStatus: { 400: 'invalid-request', 403: 'refused-unclear', 418: 'refused-unclear' },
  },
  /** Their documents list 500 as the same "business failure". */
  furtherCalls: {
    addressSetting: 'chatUrl',
    byStatus: {
      400: 'invalid-request',
      403: 'refused-unclear',
      418: 'refused-unclear',
      500: 'values-refused',
    },
    values: 'its parameters',
  },
  /** Both documents list 500 as a "business failure", as applyToken's does. 413 is what a box before CEC says to a file. */
  uploadFileStream: {
    addressSetting: 'chatUrl',
    byStatus: {
      400: 'invalid-request',
      403: 'refused-unclear',
      413: 'values-refused',
      418: 'refused-unclear',
      500: 'values-refused',
    },
    values: 'fileType, fileStream and the size of the file',
  },
  downloadFileStream: {
    addressSetting: 'chatUrl',
    byStatus: {
      400: 'invalid-request',
      403: 'refused-unclear',
      418: 'refused-unclear',
      500: 'values-refused',
    },
    values: 'fileId, fileType and multiMedia',
  },
} as const satisfies Record<string, CecCall>

/** The failure that an answer tells. Of an answer that is no failure it says that it is not understood. */
export const cecRefusal = (call: keyof typeof CALLS, reply: Reply): UpstreamFailure =>
  cecFailure(call, reply, {
    failure: CALLS[call].byStatus[reply.status as never] ?? classOfStatus(reply.status),
  })

interface Classed {
  /** Default `unexpected-reply`. */
  readonly failure?: FailureClass | undefined
  /** A listed code of CEC's. */
  readonly upstreamCode?: string | undefined
}

/** The same where more than the status says what it is. */
export const cecFailure = (
  call: keyof typeof CALLS,
  reply: Reply,
  { failure = 'unexpected-reply', upstreamCode }: Classed = {},
): UpstreamFailure => {
  const { addressSetting, values }: CecCall = CALLS[call]
  return vendorRefusal(reply, {
    failure,
    addressSetting,
    upstreamCode,
    check: failure === 'values-refused' || failure === 'settings-refused' ? values : undefined,
  })
}
