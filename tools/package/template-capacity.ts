/** What a compiled template becomes by the parameters of capacity that no line of serverless.yml can leave out. */

import type { Template } from './template.ts'

const DIRECTORY = 'DirectoryTable'

/** What the directory's table takes at once. Without it the table begins as DynamoDB gives it, and the template does not speak of it. */
export const warmDirectory = ({ Resources }: Template, readUnits: string): void => {
  const table = Resources[DIRECTORY]
  if (table !== undefined && readUnits !== '')
    table.Properties['WarmThroughput'] = { ReadUnitsPerSecond: Number(readUnits) }
}

interface Scheduled {
  events?: { httpApi?: unknown; schedule?: unknown }[]
}

/** Makes one schedule for each share of the tenants, where they are more than one. */
export const shareSchedule = (config: Scheduled | undefined, shares: number): void => {
  if (config?.events === undefined || shares <= 1) return
  config.events = config.events.flatMap((event) =>
    event.schedule === undefined
      ? [event]
      : Array.from({ length: shares }, (_, share) => ({
          schedule: { rate: [event.schedule], input: { share, of: shares } },
        })),
  )
}
