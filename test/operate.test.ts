import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ERRORS } from '../lib/errors.ts'
import { ERROR_KINDS } from '../lib/http/error-kinds.ts'
import { METRICS, OUTCOMES } from '../lib/metrics.ts'
import { ALARMS } from '../tools/package/alarm-table.ts'

const ROOT = join(import.meta.dirname, '..')
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const page = text('docs/operate.md')

const section = (title: string, marks = '##'): string =>
  page
    .split(new RegExp(`^${marks} ${title}\n`, 'm'))[1]
    ?.split(new RegExp(`^#{2,${marks.length}} `, 'm'))[0] ?? ''
const rowsOf = (title: string): readonly string[][] =>
  [...section(title).matchAll(/^\| `(.*) \|$/gm)].map(([row]) =>
    row
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.replaceAll('`', '').replace(/^–$/, '')),
  )

/** Events that are written as INFO alone: daily business. A new event is put here, or gets a row. */
const QUIET =
  /^(.*_(ISSUED|VALID|SERVED|REVOKED|WRITTEN|RELAYED|SHOWN|LISTED|UPLOADED|DOWNLOADED|FETCHED|DONE)|SECRET_CHANGED)$/
const LOUD_NONETHELESS = ['SECRET_STALE_SERVED']

const events = [
  ...(/type EventCode =([\s\S]*?)\n\n/.exec(text('lib/log.ts'))?.[1] ?? '').matchAll(/'(\w+)'/g),
]
  .map(([, code = '']) => code)
  .filter((code) => !QUIET.test(code) || LOUD_NONETHELESS.includes(code))
const errors = Object.entries(ERRORS)
  .filter(([, kind]) => ERROR_KINDS[kind].level !== undefined)
  .map(([code]) => code)

describe('docs/operate.md', () => {
  it.each(Object.keys(ALARMS))(
    'has a section for %s: what, and for whom, where to look, what mends it, and when it is over',
    (name) => {
      const own = section(name, '###')
      const isOfOthers = /\[ValidatingDown\]\(#validatingdown\)|\[AnswersFailed\]\(#answersfailed\)/.test(own)
      const parts = ['**Affected**', '**First look**', '**Mend**', '**Over**']
      expect(own).not.toBe('')
      if (!isOfOthers || own.includes('**Affected**'))
        expect(parts.filter((part) => !own.includes(part))).toEqual([])
    },
  )

  it('has a section for no other alarm', () => {
    const titles = [...section('Alarms').matchAll(/^### (\w+)$/gm)].map(([, name]) => name)
    expect(titles.toSorted()).toEqual(Object.keys(ALARMS).toSorted())
  })

  it('has a row for every code of level WARN and ERROR, and for no other', () => {
    const rows = rowsOf('Log codes').map(([code]) => code)
    expect(rows).toEqual([...new Set([...events, ...errors])].sort())
  })

  it('says in each row what it means and what to do', () => {
    expect(rowsOf('Log codes').filter((cells) => cells.length !== 3 || cells.includes(''))).toEqual([])
  })

  it('knows the events: those that it calls quiet are written as INFO', () => {
    expect(events).toEqual(expect.arrayContaining(['WARM_UP_FAILED', 'PRIMING_FAILED', 'USER_IDS_SHARED']))
    expect(events).not.toContain('TOKEN_ISSUED')
  })

  it('says of every metric its dimensions, where it is counted and which alarm reads it', () => {
    const readBy = (metric: string): string =>
      Object.entries(ALARMS)
        .filter(([, row]) => 'metric' in row && row.metric === metric)
        .map(([name]) => name)
        .join(', ')
    const ours = METRICS.map((metric) => [
      metric.name,
      'stage',
      'field' in metric ? `${metric.code}, ${metric.field}` : metric.code,
      readBy(metric.name),
    ])
    const rows = rowsOf('Metrics')
    expect(rows.slice(0, ours.length).map((row) => [...row, ''].slice(0, 4))).toEqual(ours)
    const outcomes = Object.entries(OUTCOMES).map(([name, dimensions]) => [
      name,
      dimensions.join(', '),
      readBy(name),
    ])
    expect(
      rows.slice(ours.length, -1).map(([name, dimensions, , alarm = '']) => [name, dimensions, alarm]),
    ).toEqual(outcomes)
    expect(rows.at(-1)?.[0]).toBe('RoutesThrottled')
  })

  it('links within itself to what is there', () => {
    const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    )
    const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor = '']) => anchor)
    expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([])
  })
})
