import { describe, expect, it } from 'vitest'
import { listConditions, replaceMarks } from '../../../tools/release/marks.ts'

const MARKS = {
  stage: { value: 'marked-stage' },
  logLevel: { value: 'WARN', of: 'LOG_LEVEL' },
  logRetentionInDays: { value: '3288', of: 'RetentionInDays' },
  alarmActions: { value: 'arn:topic', listIn: 'AlarmActions' },
} as const
const { stage, logLevel, logRetentionInDays, alarmActions } = MARKS

describe('tools/release/marks: replaceMarks', () => {
  it('refers to the parameter where a mark is the whole value', () => {
    expect(replaceMarks({ A: 'marked-stage', B: ['marked-stage', 'other'] }, { stage })).toEqual({
      A: { Ref: 'Stage' },
      B: [{ Ref: 'Stage' }, 'other'],
    })
  })

  it('substitutes it where it is part of a text, and leaves what is literal there as it is', () => {
    expect(replaceMarks({ A: 'a-marked-stage-${b}-$c', B: 'a-${b}' }, { stage })).toEqual({
      A: { 'Fn::Sub': 'a-${Stage}-${!b}-$c' },
      B: 'a-${b}',
    })
  })

  it('adds it to a text that substitutes already', () => {
    expect(replaceMarks({ 'Fn::Sub': 'arn:${AWS::Partition}:marked-stage/x' }, { stage })).toEqual({
      'Fn::Sub': 'arn:${AWS::Partition}:${Stage}/x',
    })
  })

  it('replaces a value that others may have too only where it belongs, text or number', () => {
    const template = { LOG_LEVEL: 'WARN', Level: 'WARN', RetentionInDays: 3288, Size: 3288, Text: 'a WARN' }
    expect(replaceMarks(template, { logLevel, logRetentionInDays })).toEqual({
      ...template,
      LOG_LEVEL: { Ref: 'LogLevel' },
      RetentionInDays: { Ref: 'LogRetentionInDays' },
    })
  })

  it('splits a list, and leaves its property out where the list is empty', () => {
    const template = { A: { AlarmActions: ['arn:topic'] }, B: { AlarmActions: [] }, C: 'arn:topic' }
    expect(replaceMarks(template, { alarmActions })).toEqual({
      A: {
        AlarmActions: {
          'Fn::If': [
            'HasAlarmActions',
            { 'Fn::Split': [',', { Ref: 'AlarmActions' }] },
            { Ref: 'AWS::NoValue' },
          ],
        },
      },
      B: { AlarmActions: [] },
      C: { Ref: 'AlarmActions' },
    })
    expect(listConditions(MARKS)).toEqual({
      HasAlarmActions: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AlarmActions' }, ''] }] },
    })
  })

  it('throws when a mark is nowhere, since its parameter would do nothing', () => {
    expect(() => replaceMarks({ A: 'marked-stage' }, { stage, logLevel })).toThrow(
      'the packaged template has nothing of logLevel',
    )
  })

  it('throws where a mark is in a key', () => {
    expect(() => replaceMarks({ 'POST /marked-stage': {}, A: 'marked-stage' }, { stage })).toThrow(
      'POST /marked-stage: CloudFormation takes no parameter in a key',
    )
  })
})
