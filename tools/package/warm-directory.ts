/** What the directory's table takes at once, by a parameter that no line of serverless.yml can leave out. */

import type { Template } from './template.ts'

const DIRECTORY = 'DirectoryTable'

/** Without the parameter the table begins as DynamoDB gives it, and the template does not speak of it. */
export const warmDirectory = ({ Resources }: Template, readUnits: string): void => {
  const table = Resources[DIRECTORY]
  if (table !== undefined && readUnits !== '')
    table.Properties['WarmThroughput'] = { ReadUnitsPerSecond: Number(readUnits) }
}
