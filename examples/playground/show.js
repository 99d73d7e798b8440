/** What the page shows: texts that follow its language, and nothing that is read as HTML. */

import { TEXTS } from './texts.js'

/** @typedef {keyof typeof TEXTS} Language */
/** @typedef {keyof typeof TEXTS.en} TextKey */

/** @type {Language} */
let language = 'en'

export const currentLanguage = () => language

/**
 * The element with this id.
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export const element = (id, kind) => {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new TypeError(`#${id} is missing`)
  return found
}

/** @param {string} selector */
export const buttons = (selector) =>
  [...document.querySelectorAll(selector)].filter((found) => found instanceof HTMLButtonElement)

/**
 * Puts a text into an element, which follows the language from then on. `detail` stands behind it in any language.
 * @template {HTMLElement} Kind
 * @param {Kind} into
 * @param {TextKey} key
 * @param {string} [detail]
 */
export const say = (into, key, detail = '') => {
  Object.assign(into.dataset, { text: key, detail })
  write(into)
  return into
}

/**
 * Takes the text away again.
 * @param {HTMLElement} from
 */
export const clear = (from) => {
  delete from.dataset['text']
  from.textContent = ''
  from.classList.remove('bad')
  return from
}

/** @param {HTMLElement} into */
const write = (into) => {
  const { text = '', detail = '' } = into.dataset
  into.textContent = [TEXTS[language][/** @type {TextKey} */ (text)], detail]
    .filter(Boolean)
    .join(language === 'zh' ? '' : ' ')
}

/** @param {Language} next */
export const useLanguage = (next) => {
  language = next
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  for (const of of document.querySelectorAll('[data-text]')) write(/** @type {HTMLElement} */ (of))
  for (const button of buttons('[data-language]'))
    button.ariaPressed = String(button.dataset['language'] === next)
}

/**
 * A new element with a text.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [text]
 * @param {string} [className]
 */
export const made = (tag, text = '', className = '') =>
  Object.assign(document.createElement(tag), { textContent: text, className })

/**
 * Cuts what may be a token, in a JSON value of any depth.
 * @param {unknown} value
 */
export const withCutTexts = (value) =>
  JSON.stringify(value, (_, inner) => (typeof inner === 'string' ? cut(inner) : inner), 2)

/** @param {string} text */
const cut = (text) => (text.length < 24 ? text : `${text.slice(0, 6)}… (${text.length})`)

/** @param {number} ms since 1970 */
export const clock = (ms) => {
  const at = new Date(ms)
  return `${at.toLocaleTimeString('en-GB')}.${String(at.getMilliseconds()).padStart(3, '0')}`
}
