/** The page of the playground. Each step is a control, and shows its outcome beside itself. */

import { followCalls } from './calls.js'
import { addChat } from './chat.js'
import { buttons, clear, element, say, useLanguage } from './show.js'
import { addVendors, askBackEnd, enter, forgetTokens, showClaims, step } from './steps.js'

/** @type {import('./steps.js').User} */
let user = { userId: '', userName: '', tenantSpaceId: '' }
/** @type {object | undefined} */
let thirdUserData

/** What the steps of one user have come to. */
const RESULTS = ['token-result', 'entry-result', 'chat-result', 'vendor-name']

const leaveChat = addChat(() => user)
addVendors(() => user)

/** @param {string} id @param {string} resultId @param {(result: HTMLElement) => Promise<unknown>} run */
const onClick = (id, resultId, run) => {
  const result = element(resultId, HTMLParagraphElement)
  element(id, HTMLButtonElement).onclick = () =>
    step(result, async () => {
      await run(result)
    })
}

onClick('sign-in', 'signed-in', async (result) => {
  user = await askBackEnd('sign-in', { userId: element('user', HTMLSelectElement).value })
  thirdUserData = undefined
  forgetTokens()
  leaveChat()
  for (const id of RESULTS) clear(element(id, HTMLParagraphElement))
  for (const id of ['claims', 'vendor-answer']) element(id, HTMLElement).hidden = true
  element('entries', HTMLOListElement).replaceChildren()
  for (const button of buttons('#token, #revoke, #rotate, #open-chat, #vendors button'))
    button.disabled = false
  element('entry', HTMLButtonElement).disabled = true
  say(result, 'signIn.done', `${user.userName} (${user.userId})`)
})
onClick('token', 'token-result', async (result) => {
  const asked = user
  const answer = await askBackEnd('enterprise-token')
  if (user !== asked) return
  thirdUserData = answer.thirdUserData
  showClaims(answer.token)
  element('entry', HTMLButtonElement).disabled = false
  say(result, 'token.done', String(answer.expiresIn))
})
onClick('entry', 'entry-result', async () => enter(user, thirdUserData ?? {}))
onClick('revoke', 'entry-result', async (result) => {
  const asked = user
  const { inForceWithinSeconds } = await askBackEnd('revoke')
  // Until then the token may still be good, and a visitor who is quick would think that it stays so.
  await new Promise((resolve) => setTimeout(resolve, inForceWithinSeconds * 1000))
  if (user !== asked) return
  say(result, 'entry.revoked')
})
onClick('rotate', 'entry-result', async (result) => {
  const { kid } = await askBackEnd('rotate')
  say(result, 'entry.rotated', kid)
})

for (const button of buttons('[data-language]'))
  button.onclick = () => {
    const language = button.dataset['language'] === 'zh' ? 'zh' : 'en'
    localStorage.setItem('playground-language', language)
    useLanguage(language)
  }
const asked = localStorage.getItem('playground-language') ?? navigator.language
useLanguage(asked.startsWith('zh') ? 'zh' : 'en')
followCalls()
