/** `npm start` for tests: on free ports, without npm in between, ended by its process id. */

import { type OfflineOptions, startOfflineProcess } from '../../tools/local/offline-process.ts'
import { COMPILE_CACHE, groupIsEmpty } from './process.ts'

export interface ServerOptions extends Pick<OfflineOptions, 'params' | 'project'> {
  /** Added to the environment of the server. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Path of a LOCAL_SECRETS_FILE. */
  readonly secretsFile?: string
}

export interface Server {
  /** Without a slash at the end. */
  readonly url: string
  /** Everything printed so far, log lines of the functions included. */
  output(): string
  /** Ends the server and throws if it left a process behind. May be called twice. */
  stop(): Promise<void>
}

/** Resolves when the server is ready. */
export const startServer = async ({ env, secretsFile, ...options }: ServerOptions = {}): Promise<Server> => {
  const server = await startOfflineProcess({
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE, LOCAL_SECRETS_FILE: secretsFile, ...env },
    ...options,
    detached: true,
  })
  return {
    url: server.url,
    output: server.output,
    stop: async () => {
      const code = await server.stop()
      if (code !== 0) throw new Error(`the server ended with exit code ${code}:\n${server.output()}`)
      if (!(await groupIsEmpty(server.pid))) throw new Error('the server left a process behind')
    },
  }
}
