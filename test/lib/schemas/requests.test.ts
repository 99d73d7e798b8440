/** Every fault of a request is told in a sentence of ours, on every route. */

import { describe, expect, it } from 'vitest'
import type * as z from 'zod/mini'
import { accessTokenRequest } from '../../../lib/schemas/access-token.ts'
import { AgentTokenRequest, ValidateAgentRequest } from '../../../lib/schemas/agent-token.ts'
import { issueRequest, revocationRequest, ValidateRequest } from '../../../lib/schemas/enterprise-token.ts'
import { userRequest } from '../../../lib/schemas/users.ts'
import { applyTokenRequest, ChatMessage, PollQuery } from '../../../lib/vendors/cec/requests.ts'
import {
  AuiLiveTokenV1,
  AuiLiveTokenV2,
  AuiRtcTokenV1,
  AuiRtcTokenV2,
} from '../../../lib/vendors/live/aui/requests.ts'
import { LiveImTokenRequest } from '../../../lib/vendors/live/im/requests.ts'
import { LiveMessageTokenRequest } from '../../../lib/vendors/live/requests.ts'
import { LiveRtcTokenRequest } from '../../../lib/vendors/live/rtc/requests.ts'
import { OiapTokenRequest } from '../../../lib/vendors/oiap/requests.ts'
import { faultsIn } from '../../support/schemas.ts'

const USER_IDS = { USER_ID_MAX_LENGTH: 32 }
const REQUESTS: Readonly<Record<string, z.ZodMiniType>> = {
  AgentTokenRequest,
  AuiLiveTokenV1,
  AuiLiveTokenV2,
  AuiRtcTokenV1,
  AuiRtcTokenV2,
  ChatMessage,
  LiveImTokenRequest,
  LiveMessageTokenRequest,
  LiveRtcTokenRequest,
  OiapTokenRequest,
  PollQuery,
  ValidateAgentRequest,
  ValidateRequest,
  accessTokenRequest: accessTokenRequest(USER_IDS),
  applyTokenRequest: applyTokenRequest(USER_IDS),
  issueRequest: issueRequest(USER_IDS),
  revocationRequest: revocationRequest(USER_IDS),
  userRequest: userRequest(USER_IDS),
}

/** The members of every request, and one that none has. */
const MEMBERS = [
  ...new Set(
    Object.values(REQUESTS).flatMap((schema) =>
      'shape' in schema ? Object.keys(schema.shape as object) : [],
    ),
  ),
  'another',
]
const VALUES = [null, [], [7], {}, '', 'x'.repeat(5000), 7, -1.5, true]

describe('lib/schemas: requests', () => {
  it.each(Object.entries(REQUESTS))('%s of no object is told that an object is expected', (_, schema) => {
    for (const value of [[], null, 'x', 7, true])
      expect(faultsIn(schema, value)).toBe('(whole): expected a JSON object')
  })

  it.each(Object.entries(REQUESTS))(
    '%s is told every fault of every member in a sentence of ours',
    (_, schema) => {
      for (const member of MEMBERS)
        for (const value of VALUES)
          for (const fault of faultsIn(schema, { [member]: value }).split('; '))
            expect(fault).toMatch(/^(none|[\w.()]+: [a-z])/)
    },
  )
})
