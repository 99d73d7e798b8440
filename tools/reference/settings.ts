/** docs/reference/settings.md: a stage's parameters, and the environment that a function reads of them. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SETTING_NAMES, type SettingName } from '../../lib/config.ts'
import { parametersOf } from '../package/parameters/table.ts'
import { ALL_ROUTES } from './all-routes.ts'
import { code, page, table } from './markdown.ts'
import { PARAMETER_WORDS } from './settings-words.ts'

const SERVERLESS = readFileSync(join(import.meta.dirname, '../../serverless.yml'), 'utf8')

/** The value of `params.default`, without quotes and comment. */
const presetOf = (name: string): string => {
  const [, value = ''] = new RegExp(`^ {4}${name}: ('[^']*'|[^#\\n]*)`, 'm').exec(SERVERLESS) ?? []
  return value.trim().replaceAll("'", '')
}

/** The setting of the functions that a parameter becomes. */
const settingOf = (name: string): string | undefined =>
  new RegExp(`^ {4}(\\w+): \\$\\{param:${name}\\}$`, 'm').exec(SERVERLESS)?.[1]

/** What every function reads, whether a route leads to it or not. */
const OF_ALL: readonly SettingName[] = ['SECRETS_PREFIX', 'LOG_LEVEL']

const readersOf = (setting: SettingName): readonly string[] =>
  ALL_ROUTES.filter(
    (route) =>
      (route.settings as readonly string[]).includes(setting) ||
      (route.access !== 'public' && (route.credentials.settings as readonly string[]).includes(setting)),
  ).map(({ name }) => name)

/** A parameter without words, or words without a parameter, end the command. */
const parameterRows = (): readonly (readonly string[])[] => {
  const place = { stage: 'prod', region: 'eu-west-1', paths: [], functions: [] }
  const parameters = parametersOf(place)
  const unknown = Object.keys(PARAMETER_WORDS).filter((name) => !(name in parameters))
  if (unknown.length > 0) throw new TypeError(`${unknown}: expected to be a parameter`)
  return Object.keys(parameters).map((name) => {
    const words = PARAMETER_WORDS[name]
    if (words === undefined) throw new TypeError(`${name}: expected words for the page of settings`)
    return [code(name), words.preset ?? code(presetOf(name)), words.meaning]
  })
}

const FEW = 5

const readBy = (setting: SettingName): string => {
  if (OF_ALL.includes(setting)) return 'every function'
  const readers = readersOf(setting)
  if (readers.length === 0) return 'functions without a route'
  return readers.length > FEW ? `${readers.length} routes` : readers.map(code).join(', ')
}

export const settingsPage = (): string =>
  page(
    'Settings',
    '`tools/package/parameters/table.ts`, `serverless.yml` and `lib/config.ts`',
    '[Deploy](../deploy.md) says where they are written. Every name and value is checked before anything is deployed.',
    "A list is YAML's own or a text with commas; blanks around an entry and a comma at the end are taken. For none, leave it out.",
    table(['parameter', 'default', 'meaning'], parameterRows()),
    '## What a function reads',
    'Packaging writes these into the environment of the functions. Nobody sets them by hand. A function reads its own alone, and does not start when one of them is missing or unusable: `SETTINGS_INVALID` names all of them.',
    table(
      ['variable', 'made of', 'read by'],
      SETTING_NAMES.map((name) => {
        const parameter = Object.keys(PARAMETER_WORDS).find((candidate) => settingOf(candidate) === name)
        return [code(name), parameter === undefined ? 'the stage' : code(parameter), readBy(name)]
      }),
    ),
  )
