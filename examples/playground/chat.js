/** The chat of the page's user, with the client for pages. */

import { openChat } from './client.js'
import { currentLanguage, element, made, say } from './show.js'
import { step, TOKEN_SOURCE } from './steps.js'

/** @typedef {import('./client.js').Chat} Chat */
/** @typedef {import('./steps.js').User} User */

/** @param {() => User} user */
export const addChat = (user) => {
  const result = element('chat-result', HTMLParagraphElement)
  const messages = element('messages', HTMLOListElement)
  const input = element('message', HTMLInputElement)
  const send = element('send', HTMLButtonElement)
  const open = element('open-chat', HTMLButtonElement)
  const end = element('end-chat', HTMLButtonElement)
  /** @type {Chat | undefined} */
  let chat
  /** Of the chat that is open or being opened. @type {AbortController | undefined} */
  let leaving

  /** @param {Chat | undefined} next */
  const use = (next) => {
    chat = next
    if (next === undefined) leaving = undefined
    const isLost = [input, send, end].some((control) => control === document.activeElement)
    for (const control of [input, send, end]) control.disabled = next === undefined
    open.disabled = next !== undefined
    if (next === undefined && isLost) open.focus() // a control that is disabled cannot keep the focus
  }
  /** @param {'chat.you' | 'chat.agent'} whose @param {unknown} content */
  const show = (whose, content) => {
    const item = made('li')
    item.append(say(made('strong'), whose), ` ${content}`)
    messages.append(item)
    messages.scrollTop = messages.scrollHeight
  }

  open.onclick = () => {
    if (leaving !== undefined) return
    const mine = new AbortController()
    leaving = mine
    step(result, async () => {
      const { userId, userName } = user()
      const opened = await openChat({
        ...{ api: location.origin, userId, userName, channelId: 'web-channel-1', locale: currentLanguage() },
        ...{ tokenSource: TOKEN_SOURCE, signal: mine.signal },
        onMessage: ({ content }) => content && show('chat.agent', content),
        onSent: (message) => typeof message === 'string' && show('chat.you', message),
        onEnd: (error) => {
          use(undefined)
          say(result, 'chat.ended', error?.message)
        },
      }).catch((error) => {
        if (mine.signal.aborted) return // another user has signed in
        leaving = undefined
        throw error
      })
      if (opened === undefined || mine.signal.aborted) return
      messages.replaceChildren()
      use(opened)
      say(result, 'chat.begun')
      input.focus()
    })
  }
  end.onclick = () => step(result, async () => chat?.end())
  element('chat', HTMLFormElement).onsubmit = (event) => {
    event.preventDefault()
    const content = input.value.trim()
    if (content === '') return
    input.value = ''
    step(result, async () => {
      await chat?.send(content)
      say(result, 'chat.begun')
    })
  }
  /** Another user has signed in. */
  return () => {
    leaving?.abort()
    messages.replaceChildren()
    use(undefined)
  }
}
