import { describe, expect, it } from 'vitest'
import { difference } from '../../../../tools/rehearse/upgrade/identities.ts'

const BEFORE = {
  'table directory': 'id-1 of 5',
  'secret jwks': 'arn in version 1',
  'AWS::SNS::Topic Old': 'old',
}

describe('tools/rehearse/upgrade/identities', () => {
  it('finds nothing where everything is as it was', () => {
    expect(difference(BEFORE, { ...BEFORE })).toEqual({ replaced: [], gone: [], added: [] })
  })

  it.each([
    ['a table of the same name that was made anew', 'table directory', 'id-2 of 9'],
    ['another value of a secret', 'secret jwks', 'arn in version 2'],
  ])('finds %s', (_, name, identity) => {
    expect(difference(BEFORE, { ...BEFORE, [name]: identity }).replaced).toEqual([name])
  })

  it('tells what is gone from what is new', () => {
    const { 'AWS::SNS::Topic Old': _, ...others } = BEFORE
    expect(difference(BEFORE, { ...others, 'secret log-key': 'arn' })).toEqual({
      replaced: [],
      gone: ['AWS::SNS::Topic Old'],
      added: ['secret log-key'],
    })
  })
})
