import { describe, expect, it } from 'vitest'
import { line, summary } from '../../../tools/rehearse/report.ts'
import { eventually, type Outcome, runSteps } from '../../../tools/rehearse/step.ts'

const good = (name: string) => ({ name, run: async () => `${name} went well` })
const bad = (name: string) => ({ name, run: () => Promise.reject(new Error(`${name} went wrong`)) })

describe('tools/rehearse/step', () => {
  it('runs all steps in order and tells of each', async () => {
    const told: Outcome[] = []
    const outcomes = await runSteps([good('one'), good('two')], (outcome) => told.push(outcome))
    expect(outcomes).toEqual(told)
    expect(outcomes.map(({ step, ok, answer }) => [step, ok, answer])).toEqual([
      ['one', true, 'one went well'],
      ['two', true, 'two went well'],
    ])
    expect(summary(outcomes, 2)).toBe('2 of 2 steps in 0 s')
  })

  it('ends with the first that fails', async () => {
    const outcomes = await runSteps([good('one'), bad('two'), good('three')], () => {})
    expect(outcomes.map(({ step, ok, answer }) => [step, ok, answer])).toEqual([
      ['one', true, 'one went well'],
      ['two', false, 'two went wrong'],
    ])
    expect(summary(outcomes, 3)).toBe('1 of 3 steps in 0 s')
  })

  it('writes a step in one line, with its time and answer', () => {
    expect(line({ step: 'serverless deploy', seconds: 15.2, ok: true, answer: 'done' })).toMatch(
      /^ok {7}15\.2 s {2}serverless deploy +done$/,
    )
    expect(line({ step: 'x', seconds: 0, ok: false, answer: 'why' })).toMatch(/^FAILED {4}0\.0 s {2}x +why$/)
  })

  it('asks until there is something', async () => {
    const answers = [undefined, 'there']
    expect(await eventually(async () => answers.shift(), { seconds: 5, sentence: 'too late' })).toBe('there')
  })

  it('says so when there is nothing in time', async () => {
    await expect(eventually(async () => undefined, { seconds: 0, sentence: 'too late' })).rejects.toThrow(
      'too late',
    )
  })
})
