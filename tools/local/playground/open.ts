/** What the local stage does for its playground: watches its own calls from the start, and serves the page once it listens. */

import { LOCAL_CALLER_KEY, LOCAL_STAGE } from '../constants.ts'
import type { Stack, StackOptions } from '../stack.ts'
import { createCallLog } from './call-log.ts'
import { type PlaygroundServer, servePlayground } from './playground.ts'
import { type WatchedServer, watchServer, watchVendor } from './watch.ts'
import { withoutOptions } from './without-options.ts'

export type PlaygroundGateway = PlaygroundServer & WatchedServer

export interface Playground {
  /** For the emulators. */
  readonly vendors: NonNullable<StackOptions['vendors']>
  /** Returns what ends it. */
  open(
    server: PlaygroundGateway,
    stage: { readonly appKeyOf: Stack['appKeyOf']; readonly pathOf: (functionName: string) => string },
  ): () => void
}

export const createPlayground = (): Playground => {
  const log = createCallLog()
  return {
    vendors: {
      cec: { watch: watchVendor(log, 'CEC') },
      oiap: { watch: watchVendor(log, 'OIAP') },
      live: { watch: watchVendor(log, 'Alibaba Live') },
    },
    open: (server, { appKeyOf, pathOf }) => {
      const validatePath = pathOf('validateEnterpriseToken')
      watchServer(server, log, [validatePath, pathOf('validateAgentToken')])
      const place = { callerKey: LOCAL_CALLER_KEY, appKeyOf, rotate: rotateKeys }
      return servePlayground(server, { log, place, validatePath })
    },
  }
}

/** As `npm run rotate` does, in this process, whose environment leads to the emulators. Throws what that says to somebody on a page. */
const rotateKeys = async (): Promise<object> => {
  // only now: a stage whose keys nobody rotates loads no client of Secrets Manager
  const [{ rotate }, { openStage }] = await Promise.all([
    import('../../operator/rotate.ts'),
    import('../../operator/rotate/stage.ts'),
  ])
  const stage = openStage(LOCAL_STAGE, undefined)
  const asked = {
    stage: LOCAL_STAGE,
    region: undefined,
    compromised: undefined,
    beginAnew: false,
    isJson: false,
  }
  try {
    const { active, next } = await rotate(asked, stage, () => {})
    return { kid: active?.kid, nextKid: next?.kid }
  } catch (error) {
    throw new Error(withoutOptions((error as Error).message), { cause: error })
  } finally {
    stage.close()
  }
}
