/** The document of a stage that is not as serverless.yml has it by default. */

import { readSettings } from '../../lib/config.ts'
import { type OpenApi, openApi } from './document.ts'

export interface StageOptions {
  readonly url: string
  /** The environment of its functions. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The path of a function's route. */
  readonly pathOf: (functionName: string) => string
}

/** What an operator may move: CEC's own calls, to a path with a random segment. */
const MOVED = ['validateEnterpriseToken', 'validateAgentToken']

/** Throws SETTINGS_INVALID for settings that no function could start with. */
export const openApiOfStage = ({ url, env, pathOf }: StageOptions): OpenApi => {
  const settings = readSettings({ ...env, STAGE: 'local' }, ['USER_ID_CHARACTERS', 'USER_ID_MAX_LENGTH'])
  const document = openApi({ url, ...settings })
  const moved = new Map(
    MOVED.map((id) => [
      Object.entries(document.paths).find(([, { post }]) => post?.operationId === id)?.[0],
      pathOf(id),
    ]),
  )
  const paths = Object.fromEntries(
    Object.entries(document.paths).map(([path, operations]) => [moved.get(path) ?? path, operations]),
  )
  return { ...document, paths }
}
