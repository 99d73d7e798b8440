/** The ready queries of a stage as resources. They cost nothing; each run costs by what it reads. */

import { alarmName } from './alarm-rows.ts'
import { QUERIES, textOf } from './query-table.ts'
import type { Resource } from './template.ts'

export const queryResources = (stage: string, functions: readonly string[]): Record<string, Resource> =>
  Object.fromEntries(
    Object.entries(QUERIES).map(([id, query]) => [
      `${id}Query`,
      {
        Type: 'AWS::Logs::QueryDefinition',
        Properties: {
          // A slash makes folders of the console's list.
          Name: `cec-token-bridge-${stage}/${query.name}`,
          QueryString: textOf(query),
          LogGroupNames: functions.map((name) => ({ Ref: alarmName('LogGroup', name) })),
        },
      },
    ]),
  )
