/** The list of calls, which follows the stage. */

import { clock, element, made, say } from './show.js'

/** @typedef {import('../../tools/local/playground/call-log.ts').SeenCall} SeenCall */

const MOST_ITEMS = 500

export const followCalls = () => {
  const list = element('calls', HTMLOListElement)
  const state = element('stream', HTMLParagraphElement)
  const isHiding = element('hide-polls', HTMLInputElement)
  const stream = new EventSource('/playground/calls')
  stream.onopen = () => {
    list.replaceChildren() // the stage begins with all that it still knows
    say(state, 'calls.following')
  }
  stream.onerror = () => say(state, 'calls.lost')
  stream.onmessage = ({ data }) => add(list, JSON.parse(data))
  isHiding.onchange = () => list.classList.toggle('all', !isHiding.checked)
  element('clear', HTMLButtonElement).onclick = () => list.replaceChildren()
}

/**
 * A call is known when it has ended, and stands where it began: before the calls that it led to.
 * @param {HTMLOListElement} list
 * @param {SeenCall} call
 */
const add = (list, call) => {
  const isAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 40
  const item = itemOf(call)
  list.insertBefore(item, [...list.children].find((other) => isBefore(item, other)) ?? null)
  if (list.children.length > MOST_ITEMS) list.firstElementChild?.remove()
  if (isAtEnd && !list.contains(document.activeElement)) list.scrollTop = list.scrollHeight
}

/**
 * Of two that began in the same millisecond the longer one led to the other.
 * @param {Element} item
 * @param {Element} other
 */
const isBefore = (item, other) => {
  const [at, ms, otherAt, otherMs] = [item, other].flatMap((of) => [
    Number(of.getAttribute('data-at')),
    Number(of.getAttribute('data-ms')),
  ])
  return at === otherAt ? Number(ms) > Number(otherMs) : Number(at) < Number(otherAt)
}

/** @param {SeenCall} call */
const itemOf = ({ from, to, method, url, request, status, answer, startedAt, ms }) => {
  const item = made('li')
  Object.assign(item.dataset, { at: startedAt, ms })
  item.classList.toggle('empty-poll', isEmptyPoll(url, answer))
  const summary = made('summary')
  const parties = made('span', '', 'parties')
  parties.append(say(made('span'), `party.${from}`), ' → ', say(made('span'), `party.${to}`))
  const outcome = made(
    'span',
    status === 0 ? '' : `${status}`,
    status >= 400 || status === 0 ? 'bad' : 'good',
  )
  if (status === 0) say(outcome, 'calls.noAnswer')
  summary.append(
    ...[
      made('time', clock(startedAt)),
      parties,
      made('code', `${method} ${url}`),
      outcome,
      made('span', `${ms} ms`, 'time'),
    ],
  )
  const details = made('details')
  details.append(summary, ...partOf('calls.request', request), ...partOf('calls.answer', answer))
  item.append(details)
  return item
}

/**
 * @param {'calls.request' | 'calls.answer'} title
 * @param {SeenCall['request']} message
 */
const partOf = (title, { headers, body }) => {
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const text = body === undefined ? [] : [JSON.stringify(body, undefined, 2)]
  return [say(made('h3'), title), made('pre', [...head, ...text].join('\n'))]
}

/**
 * @param {string} url
 * @param {SeenCall['answer']} answer
 */
const isEmptyPoll = (url, { body }) => {
  if (!/\/poll\?/.test(url)) return false
  const { downlinkMessages = [] } = /** @type {{ downlinkMessages?: unknown[] }} */ (body ?? {})
  return downlinkMessages.length === 0
}
