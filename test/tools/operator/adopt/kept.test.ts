import { describe, expect, it } from 'vitest'
import { type Definition, keptResources } from '../../../../tools/operator/adopt/kept.ts'

const SECRET: Definition & { DependsOn: string[] } = {
  Type: 'AWS::SecretsManager::Secret',
  DeletionPolicy: 'RetainExceptOnCreate',
  DependsOn: ['SomethingElse'],
  Properties: { Name: 'cec-token-bridge/prod/callers', Description: 'Who may call' },
}

describe('tools/operator/adopt/kept', () => {
  it('gives what stays, by its name, as an import must describe it: retained, and waiting for nothing', () => {
    expect(keptResources({ CallersSecret: SECRET })).toEqual([
      {
        id: 'CallersSecret',
        type: 'AWS::SecretsManager::Secret',
        name: 'cec-token-bridge/prod/callers',
        definition: {
          Type: 'AWS::SecretsManager::Secret',
          DeletionPolicy: 'Retain',
          UpdateReplacePolicy: 'Retain',
          Properties: SECRET.Properties,
        },
      },
    ])
  })

  it.each(['Retain', 'RetainExceptOnCreate'])('counts %s as staying', (DeletionPolicy) => {
    expect(keptResources({ CallersSecret: { ...SECRET, DeletionPolicy } })).toHaveLength(1)
  })

  it('leaves out what goes with the stack', () => {
    const { DeletionPolicy: _, ...plain } = SECRET
    expect(keptResources({ A: { ...SECRET, DeletionPolicy: 'Delete' }, B: plain })).toEqual([])
  })

  it.each([
    ['a type that it cannot find again', { ...SECRET, Type: 'AWS::S3::Bucket' }],
    ['no fixed name', { ...SECRET, Properties: {} }],
    ['a name that is made up at deployment', { ...SECRET, Properties: { Name: { Ref: 'X' } } }],
  ])('refuses what stays with %s', (_name, definition) => {
    expect(() => keptResources({ Kept: definition })).toThrow(
      'Kept stays when the stack goes, and cannot be adopted',
    )
  })
})
