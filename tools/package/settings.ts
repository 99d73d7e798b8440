/** The settings that every function of the stage will get. */

import { readSettings, SETTING_NAMES } from '../../lib/config.ts'
import { LOCAL_STAGE } from '../local/constants.ts'

/** Says now what every function would say when it starts, and what nobody would: a made-up issuer that is deployed. */
export const settingsMistake = (
  environment: Readonly<Record<string, string>>,
  command: string,
): string | undefined => {
  try {
    const { ISSUER, STAGE } = readSettings(environment, SETTING_NAMES)
    // The local plugin refuses to deploy its stage for a better reason.
    return command === 'deploy' && STAGE !== LOCAL_STAGE && new URL(ISSUER).hostname.endsWith('.invalid')
      ? `The issuer ${ISSUER} belongs to nobody. Put yours into serverless.yml, under "params:" and the stage's name, ` +
          'so that no later deployment forgets it: a changed issuer ends every token.'
      : undefined
  } catch (error) {
    return (error as Error).message
  }
}
