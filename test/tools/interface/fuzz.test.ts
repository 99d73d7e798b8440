import { describe, expect, it } from 'vitest'
import { openApi } from '../../../tools/interface/document.ts'
import { outcomeOf } from '../../../tools/interface/fuzz/events.ts'
import { PLANTED } from '../../../tools/interface/fuzz/planted.ts'
import { tableOf } from '../../../tools/interface/fuzz/table.ts'

const scenario = (label: string, status: number, mode: string, checks: readonly object[] = []): string =>
  JSON.stringify({
    ScenarioFinished: {
      phase: 'fuzzing',
      recorder: {
        label,
        cases: { a: { value: { meta: { generation: { mode } } } } },
        checks: { a: checks },
        interactions: { a: { response: { status_code: status } } },
      },
    },
  })

const FAILURE = {
  name: 'status_code_conformance',
  status: 'failure',
  failure_info: { failure: { title: 'Undocumented HTTP status code', message: 'Received: 418' } },
}

describe('tools/interface/fuzz', () => {
  const report = [
    '{"EngineStarted":{}}',
    '{"ScenarioFinished":{"phase":"examples","recorder":{"label":"GET /none"}}}',
    scenario('POST /a', 200, 'positive', [{ name: 'status_code_conformance', status: 'success' }]),
    scenario('POST /a', 400, 'negative'),
    scenario('POST /b', 418, 'negative', [FAILURE]),
    '',
  ].join('\n')

  it('counts what each operation got, and what it answered', () => {
    expect(outcomeOf(report).counts).toEqual([
      { operation: 'POST /a', taken: 1, refused: 1, answers: { 2: 1, 4: 1 } },
      { operation: 'POST /b', taken: 0, refused: 1, answers: { 4: 1 } },
    ])
    expect(tableOf(outcomeOf(report)).split('\n')).toEqual([
      'operation     sent    taken  refused      2xx      4xx      5xx',
      'POST /a          2        1        1        1        1        0',
      'POST /b          1        0        1        0        1        0',
      'all              3        1        2        1        2        0',
    ])
  })

  it('tells every failed check, and none that went well', () => {
    expect(outcomeOf(report).findings).toEqual([
      {
        operation: 'POST /b',
        check: 'status_code_conformance',
        says: 'Undocumented HTTP status code Received: 418',
      },
    ])
  })

  it('takes a retCode of a validate route for the refusal that it is, and no other 200', () => {
    const accepted = { ...FAILURE, name: 'negative_data_rejection' }
    const answered = (body: object): string =>
      scenario('POST /v', 200, 'negative', [accepted]).replace(
        '"status_code":200',
        `"status_code":200,"content":{"$base64":"${Buffer.from(JSON.stringify(body)).toString('base64')}"}`,
      )
    expect(outcomeOf(answered({ retCode: 1 })).findings).toEqual([])
    expect(outcomeOf(answered({ retCode: 0 })).findings).toHaveLength(1)
    expect(outcomeOf(answered({ token: 'a' })).findings).toHaveLength(1)
  })

  it('leaves out no line that it cannot read', () => {
    expect(() => outcomeOf(`${report}{"Scenario`)).toThrow()
  })

  it.each(PLANTED)('plants $what', ({ plant }) => {
    const document = openApi()
    expect(plant(document)).not.toEqual(document)
    expect(document).toEqual(openApi())
  })
})
