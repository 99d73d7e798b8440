import { describe, expect, it } from 'vitest'
import { updateExpressions } from '../../../lib/table/expressions.ts'

describe('lib/table/expressions', () => {
  it('leaves out everything that is empty', () => {
    expect(updateExpressions({})).toEqual({})
    expect(updateExpressions({ set: { a: undefined }, remove: [], ifSeen: {} })).toEqual({})
  })

  it('sets and removes in one expression, and leaves alone what is to be undefined', () => {
    expect(updateExpressions({ set: { a: 'x', b: undefined, c: 3 }, remove: ['d', 'e', 'd'] })).toEqual({
      UpdateExpression: 'SET #n0 = :v0, #n1 = :v1 REMOVE #n2, #n3',
      ExpressionAttributeNames: { '#n0': 'a', '#n1': 'c', '#n2': 'd', '#n3': 'e' },
      ExpressionAttributeValues: { ':v0': 'x', ':v1': 3 },
    })
  })

  it('demands what was seen, and absence where nothing was', () => {
    expect(updateExpressions({ ifSeen: { generation: 3, leaseId: undefined } })).toEqual({
      ConditionExpression: '#n0 = :v0 AND attribute_not_exists(#n1)',
      ExpressionAttributeNames: { '#n0': 'generation', '#n1': 'leaseId' },
      ExpressionAttributeValues: { ':v0': 3 },
    })
  })

  it('names an attribute once, also where it is set, removed and demanded', () => {
    expect(updateExpressions({ set: { a: 1 }, remove: ['b'], ifSeen: { a: 0, b: 'x' } })).toEqual({
      UpdateExpression: 'SET #n0 = :v0 REMOVE #n1',
      ConditionExpression: '#n0 = :v1 AND #n1 = :v2',
      ExpressionAttributeNames: { '#n0': 'a', '#n1': 'b' },
      ExpressionAttributeValues: { ':v0': 1, ':v1': 0, ':v2': 'x' },
    })
  })

  it('never takes a name or a value into an expression, whatever it holds', () => {
    const hostile = 'x = :v0 OR attribute_exists(pk)'
    const { UpdateExpression, ConditionExpression } = updateExpressions({
      set: { [hostile]: hostile },
      ifSeen: { [hostile]: hostile },
    })
    expect(UpdateExpression).toBe('SET #n0 = :v0')
    expect(ConditionExpression).toBe('#n0 = :v1')
  })
})
