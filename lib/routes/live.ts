/** Alibaba's tokens. */

import { ACCESS_TOKENS_AND_BACK_ENDS, PAGES_AND_BACK_ENDS } from '../http/credentials.ts'
import { auiErrors, liveErrors } from '../http/error-formats.ts'
import type { RouteDescriptor } from '../http/route.ts'

export const LIVE_MESSAGE_TOKEN = {
  name: 'liveMessageToken',
  endpoints: ['POST /live/GetMessageToken'],
  access: 'live-token:issue',
  credentials: PAGES_AND_BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [],
  tenantSecrets: ['live'],
  success: { status: 200, code: 'LIVE_TOKEN_ISSUED' },
  errorFormat: liveErrors,
} as const satisfies RouteDescriptor

/** Alibaba's new interactive messaging. */
export const LIVE_IM_TOKEN = {
  name: 'liveImToken',
  endpoints: ['POST /live/MessageToken'],
  access: 'live-token:issue',
  credentials: PAGES_AND_BACK_ENDS,
  settings: [],
  secrets: [],
  tenantSecrets: ['live-im'],
  success: { status: 200, code: 'LIVE_IM_TOKEN_ISSUED' },
  errorFormat: liveErrors,
} as const satisfies RouteDescriptor

export const LIVE_RTC_TOKEN = {
  name: 'liveRtcToken',
  endpoints: ['POST /live/RtcToken'],
  access: 'rtc-token:issue',
  credentials: ACCESS_TOKENS_AND_BACK_ENDS,
  settings: [],
  secrets: [],
  tenantSecrets: ['live-rtc'],
  success: { status: 200, code: 'LIVE_RTC_TOKEN_ISSUED' },
  errorFormat: liveErrors,
} as const satisfies RouteDescriptor

/** Alibaba's ready clients (AUI Kits), which ask for messaging tokens at these addresses. */
export const AUI_LIVE_TOKEN = {
  name: 'auiLiveToken',
  endpoints: ['POST /api/v2/live/token', 'POST /api/v1/live/token'],
  access: 'live-token:issue',
  credentials: PAGES_AND_BACK_ENDS,
  settings: ['TOKENS_TABLE'],
  secrets: [],
  tenantSecrets: ['live', 'live-im'],
  success: { status: 200, code: 'AUI_LIVE_TOKEN_ISSUED' },
  errorFormat: auiErrors,
} as const satisfies RouteDescriptor

/** The same of RTC. */
export const AUI_RTC_TOKEN = {
  name: 'auiRtcToken',
  endpoints: ['POST /api/v2/aiagent/getRtcAuthToken', 'POST /api/v1/live/getRtcAuthToken'],
  access: 'rtc-token:issue',
  credentials: ACCESS_TOKENS_AND_BACK_ENDS,
  settings: [],
  secrets: [],
  tenantSecrets: ['live-rtc'],
  success: { status: 200, code: 'AUI_RTC_TOKEN_ISSUED' },
  errorFormat: auiErrors,
} as const satisfies RouteDescriptor
