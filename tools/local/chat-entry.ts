/** `npm run chat-entry`: the whole way of a user into a chat, step by step, against a running `npm start` or its own. */

import { createHash } from 'node:crypto'
import { startCec } from './cec/server.ts'
import { LOCAL_CALLER_KEY, LOCAL_TENANT, LOCAL_USER } from './constants.ts'
import { startOfflineProcess } from './offline-process.ts'
import { stageUrl } from './stage-url.ts'

interface ThirdUserData {
  readonly thirdUserToken: string
  readonly thirdUserName: string
  readonly thirdUserId: string
}

const VALIDATE_PATH = '/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate'

const say = (line: string): void => console.log(line)

/** Enough to recognise a token by, nothing to use it with. */
const shown = (token: string): string =>
  `${token.slice(0, 10)}… (${token.length} characters, SHA-256 ${createHash('sha256').update(token).digest('hex').slice(0, 12)}…)`

const answers = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(`${url}/.well-known/jwks.json`, { signal: AbortSignal.timeout(5000) })
    return response.ok && Array.isArray(((await response.json()) as { keys?: unknown }).keys)
  } catch {
    return false
  }
}

const useServer = async (): Promise<{ url: string; stop(): Promise<unknown> }> => {
  const url = stageUrl(process.env)
  if (await answers(url)) {
    say(`Using the server at ${url}.`)
    return { url, stop: async () => {} }
  }
  say(`No server answers at ${url}: starting one for the moment …`)
  const server = await startOfflineProcess()
  say(`Started ${server.url}.`)
  return server
}

const issue = async (url: string): Promise<ThirdUserData> => {
  const response = await fetch(`${url}/enterprise-tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${LOCAL_CALLER_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...LOCAL_USER, tenantSpaceId: LOCAL_TENANT }),
  })
  if (response.status !== 201)
    throw new Error(`issuing answered ${response.status}: ${await response.text()}`)
  return ((await response.json()) as { thirdUserData: ThirdUserData }).thirdUserData
}

const enter = async (cecUrl: string, thirdUserData: ThirdUserData): Promise<boolean> => {
  const response = await fetch(`${cecUrl}/chat-entry`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ thirdUserData, tenantSpaceId: LOCAL_TENANT }),
  })
  const { admitted, reason, retCode, message } = (await response.json()) as Record<string, unknown>
  say(`   our answer to CEC:  retCode ${retCode}, message ${JSON.stringify(message)}`)
  say(`   CEC's decision:     ${admitted ? 'let in' : 'turned away'} (${reason})`)
  return admitted === true
}

const main = async (): Promise<void> => {
  const server = await useServer()
  try {
    const cec = await startCec({ validateUrl: server.url + VALIDATE_PATH })
    try {
      say(
        `\n1. ${LOCAL_USER.userName} is signed in. The enterprise's back end asks for a token: POST /enterprise-tokens`,
      )
      const thirdUserData = await issue(server.url)
      say(`   201, thirdUserToken ${shown(thirdUserData.thirdUserToken)}`)
      say(`\n2. The page hands thirdUserData to CEC, and CEC asks our validate URL about it.`)
      const honest = await enter(cec.url, thirdUserData)
      say(`\n3. Somebody else tries to come in with the same token, as user 10010002.`)
      const stolen = await enter(cec.url, { ...thirdUserData, thirdUserId: '10010002' })
      const good = honest && !stolen
      say(
        `\n${good ? 'The loop works.' : 'Something is wrong: the first entry must be let in, the second turned away.'}`,
      )
      process.exitCode = good ? 0 : 1
    } finally {
      await cec.close()
    }
  } finally {
    await server.stop()
  }
}

main().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
