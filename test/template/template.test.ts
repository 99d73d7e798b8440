import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LISTED } from '../../lib/table/table.ts'
import { keptResources } from '../../tools/operator/adopt/kept.ts'
import { ENDPOINTS } from '../support/descriptors.ts'
import { callersResources, directoryResources, tokensResources } from '../support/world.ts'
import { ACTIONS } from './actions.ts'
import { allFaults, SECRETS, STAGE } from './all-faults.ts'
import { describeCanary, surrounded } from './canary.ts'
import * as checks from './checks.ts'
import { describeEntries } from './entries.ts'
import { FUNCTIONS, GOLDEN, READS_DIRECTORY, resourcesOf } from './golden.ts'
import { describeMutants } from './mutants/mutants.ts'
import { type Package, packageProject } from './package.ts'
import { isAllowed, roleIdOf, statementsOf } from './policy.ts'
import { describeZips } from './zips.ts'

const ROOT = join(import.meta.dirname, '../..')

let packaged: Package

beforeAll(async () => {
  packaged = await packageProject(STAGE, await surrounded())
}, 180_000)

afterAll(() => packaged?.remove())

describeZips(() => packaged)
describeEntries(() => packaged)
describeCanary(() => packaged)
describeMutants(() => packaged)

describe('serverless.yml', () => {
  it('gives every function exactly the rights of the golden table', () => {
    expect(checks.permissionFaults(packaged.template, STAGE, GOLDEN)).toEqual([])
  })

  it('has nothing of the playground, which the local stage alone has', () => {
    const names = (template: object) => JSON.stringify(template).match(/playground/gi) ?? []
    expect(names(packaged.template)).toEqual([])
    expect(names({ ...packaged.template, Outputs: { Url: { Value: '/playground' } } })).toHaveLength(1)
  })

  it('lets the validate function read jwks and the directory and nothing else', () => {
    // Prepare
    const statements = statementsOf(
      packaged.template,
      roleIdOf(packaged.template, 'ValidateEnterpriseTokenLambdaFunction'),
    )
    // Act
    const allowed = ACTIONS.filter((action) => !action.startsWith('logs:')).flatMap((action) =>
      Object.entries(resourcesOf(STAGE)).flatMap(([name, arn]) =>
        isAllowed(statements, action, arn) ? [`${action} on ${name}`] : [],
      ),
    )
    // Assess
    expect(allowed).toEqual(['secretsmanager:GetSecretValue on secret jwks', ...READS_DIRECTORY])
  })

  it('has no fault that a check knows', () => {
    expect(allFaults(packaged.template)).toEqual([])
  })

  it('reaches every route where its descriptor says, and lets it read the secrets that it names', () => {
    expect(checks.routeFaults(packaged.template, ENDPOINTS)).toEqual([])
    expect(checks.secretFaults(packaged.template, STAGE, SECRETS)).toEqual([])
  })

  it('keeps a part of the account for validating, issuing and revoking, and limits no other function unless asked', () => {
    const reserved = FUNCTIONS.map((name) => {
      const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`
      const limit = packaged.template.Resources[id]?.Properties['ReservedConcurrentExecutions']
      return [name, limit?.Ref ?? limit]
    })
    expect(Object.fromEntries(reserved.filter(([, limit]) => typeof limit === 'number'))).toEqual({
      validateEnterpriseToken: 100,
      validateAgentToken: 20,
      issueEnterpriseToken: 50,
      issueAccessToken: 50,
      issueAgentToken: 10,
      revokeEnterpriseTokens: 10,
    })
    for (const [, limit] of reserved.filter(([, limit]) => typeof limit !== 'number'))
      expect([undefined, 'AWS::NoValue']).toContain(limit)
  })

  it('says nothing of how warm the tables are unless asked', () => {
    expect(packaged.template.Resources['DirectoryTable']?.Properties).not.toHaveProperty('WarmThroughput')
  })

  it('lets all that stays be adopted: by fixed names, described without anything that is not in an empty stack', () => {
    // Act
    const kept = keptResources(packaged.template.Resources)
    // Assess
    const names = kept.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining([
        ...['signing-key', 'jwks', 'callers'].map((name) => `cec-token-bridge/${STAGE}/${name}`),
        `cec-token-bridge-${STAGE}-directory`,
        `cec-token-bridge-${STAGE}-callers`,
        `/aws/http-api/cec-token-bridge-${STAGE}`,
        ...FUNCTIONS.map((name) => `/aws/lambda/cec-token-bridge-${STAGE}-${name}`),
      ]),
    )
    expect(names).toHaveLength(3 + 2 + 1 + FUNCTIONS.length)
    expect(JSON.stringify(kept)).not.toMatch(/"(Ref|Fn::|DependsOn)/)
  })

  it('makes the protected table after everything that can fail', () => {
    expect(packaged.template.Resources['DirectoryTable']?.DependsOn).toEqual(
      expect.arrayContaining(['SigningKeyRotation', 'HttpApiStage']),
    )
  })
})

describe('serverless.yml: CallersTable', () => {
  it('is the table that the tests work with, and sweeps nobody out', () => {
    const { Properties } = packaged.template.Resources['CallersTable'] ?? {}
    expect(Properties).toMatchObject(
      callersResources(`cec-token-bridge-${STAGE}-callers`).CallersTable.Properties,
    )
    expect(Properties?.['TimeToLiveSpecification']).toBeUndefined()
  })
})

describe('serverless.yml: DirectoryTable', () => {
  it('is the table that the tests work with, and sweeps by expiresAt', () => {
    const { Properties } = packaged.template.Resources['DirectoryTable'] ?? {}
    const { DirectoryTable } = directoryResources(`cec-token-bridge-${STAGE}-directory`)
    expect(Properties).toMatchObject(DirectoryTable.Properties)
    expect(Properties?.['TimeToLiveSpecification']).toEqual({ AttributeName: 'expiresAt', Enabled: true })
  })
})

describe('serverless.yml: TokensTable', () => {
  it('shows in its list what LISTED names and nothing else', () => {
    const [index] = packaged.template.Resources['TokensTable']?.Properties['GlobalSecondaryIndexes'] ?? []
    expect(index.Projection).toEqual({ ProjectionType: 'INCLUDE', NonKeyAttributes: [...LISTED] })
  })

  it('is the table that the tests work with, and sweeps by sweepAt', () => {
    const { Properties } = packaged.template.Resources['TokensTable'] ?? {}
    const { TokensTable } = tokensResources(`cec-token-bridge-${STAGE}-tokens`)
    expect(Properties).toMatchObject(TokensTable.Properties)
    expect(Properties?.['TimeToLiveSpecification']).toEqual({ AttributeName: 'sweepAt', Enabled: true })
  })
})

describe('package.json', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

  it('names exact versions only', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }
    const loose = Object.entries(all).filter(
      ([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+$/.test(String(version)),
    )
    expect(loose).toEqual([])
  })

  it('runs its scripts on the Node major of the Lambda runtime', () => {
    const major = process.versions.node.split('.')[0]
    const runtimes = FUNCTIONS.map(
      (name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`,
    ).map((id) => packaged.template.Resources[id]?.Properties['Runtime'])
    expect(new Set(runtimes)).toEqual(new Set([`nodejs${major}.x`]))
  })
})
