/** Queries that a stage has ready in CloudWatch Logs Insights, over the log groups of all functions. docs/operate.md says when each helps. */

export interface Query {
  readonly name: string
  readonly lines: readonly string[]
}

/** By the id of its resource. A text in `<>` is what whoever asks replaces. */
export const QUERIES: Readonly<Record<string, Query>> = {
  WhatIsWrong: {
    name: 'what is wrong, for whom, and since when',
    lines: [
      'filter level in ["ERROR", "WARN"]',
      '| stats count(*) as lines, min(@timestamp) as since, max(@timestamp) as last by code, function, system, tenantSpaceId, reason',
      '| sort lines desc',
    ],
  },
  OneRequest: {
    name: 'one request',
    lines: ['filter requestId = "<x-request-id>" or probedRequestId = "<x-request-id>"', '| sort @timestamp'],
  },
  OneUser: {
    name: 'one user',
    lines: [
      'filter userId = "<userId>" and tenantSpaceId = "<tenantSpaceId>"',
      '| sort @timestamp desc',
      '| display @timestamp, function, code, callerId, jti, sourceIp, requestId',
    ],
  },
  OneTenant: {
    name: 'one tenant',
    lines: [
      'filter tenantSpaceId = "<tenantSpaceId>"',
      '| stats count(*) as lines, min(@timestamp) as since, max(@timestamp) as last by function, code, level',
      '| sort lines desc',
    ],
  },
  ColdStarts: {
    name: 'starts of sandboxes, by the hour',
    lines: [
      'filter @type = "REPORT" and ispresent(@initDuration)',
      '| stats count(*) as starts, pct(@initDuration, 50) as p50, pct(@initDuration, 99) as p99 by bin(1h), @log',
    ],
  },
}

export const textOf = ({ lines }: Query): string => lines.join('\n')
