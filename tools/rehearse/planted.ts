/** `npm run rehearse -- --self-test`: errors planted in the template, each with what must find it. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyProject } from '../package/project-copy.ts'
import { lint } from './lint.ts'
import { Stage, type StageOptions } from './stage.ts'
import { expect, runSteps, type Step } from './step.ts'
import { deploySteps } from './steps/deploy.ts'

export interface Planted {
  readonly name: string
  readonly file: string
  readonly before: string | RegExp
  readonly after: string
  readonly foundBy: 'linter' | 'rehearsal'
  /** In what is said about it. */
  readonly said: RegExp
}

export const PLANTED: readonly Planted[] = [
  {
    name: 'a misspelt property: GenerateSecretSring',
    file: 'serverless/secrets.yml',
    before: 'GenerateSecretString:',
    after: 'GenerateSecretSring:',
    foundBy: 'linter',
    said: /E3002.*GenerateSecretSring/,
  },
  {
    name: 'a wrong enum: PAY_PER_REQEST',
    file: 'serverless/tables.yml',
    before: 'PAY_PER_REQUEST',
    after: 'PAY_PER_REQEST',
    foundBy: 'linter',
    said: /E3030.*PAY_PER_REQEST/,
  },
  {
    name: 'a right on everything: jwks may read any secret',
    file: 'serverless/rights.yml',
    before: /^jwks:\n {2}- \*readJwks$/m,
    after: "jwks:\n  - { Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: '*' }",
    foundBy: 'linter',
    said: /JwksIamRole.*GetSecretValue takes a resource, and stands with \*/,
  },
  {
    name: 'a missing permission: jwks may not read its secret',
    file: 'serverless/rights.yml',
    before: /^jwks:\n {2}- \*readJwks$/m,
    after: 'jwks:\n  - *readCallers',
    foundBy: 'rehearsal',
    said: /expected status 200, got 503/,
  },
  {
    name: 'a wrong handler: functions/put-user.handle',
    file: 'serverless/functions.yml',
    before: 'functions/put-user.handler',
    after: 'functions/put-user.handle',
    foundBy: 'rehearsal',
    said: /expected status 200, got 50\d/,
  },
]

export interface PlantedOptions extends Omit<StageOptions, 'name' | 'project'> {
  /** For the copies of the project. */
  readonly folder: string
}

export const plantedSteps = ({ folder, ...options }: PlantedOptions): Step[] =>
  PLANTED.map((planted, index) => ({
    name: `${planted.name}, found by the ${planted.foundBy}`,
    run: async () => {
      const name = `rehearsal-${index}`
      const project = join(folder, name)
      copyProject(project)
      plant(project, planted)
      const found = await SEARCH[planted.foundBy]({ ...options, name, project })
      const said = found?.split('\n').find((line) => planted.said.test(line))
      expect(said !== undefined, `expected ${planted.said}, found: ${found ?? 'nothing'}`)
      return said.trim()
    },
  }))

const plant = (project: string, { file, before, after }: Planted): void => {
  const path = join(project, file)
  const source = readFileSync(path, 'utf8')
  const changed = source.replace(before, after)
  expect(changed !== source, `${file} has no ${before} any more: plant the error elsewhere`)
  writeFileSync(path, changed)
}

/** What is said about the first thing that is wrong; undefined when nothing is. */
const SEARCH: Readonly<Record<Planted['foundBy'], (options: StageOptions) => Promise<string | undefined>>> = {
  linter: ({ name: stage, region, ...options }) =>
    lint(options, { stage, region }).then(
      () => undefined,
      (error: Error) => error.message,
    ),
  rehearsal: async (options) => {
    const stage = new Stage(options)
    const world = { stage, vendorSecrets: undefined, plainCec: undefined, callerKey: '' }
    const outcomes = await runSteps(deploySteps(world), () => {})
    return outcomes.find(({ ok }) => !ok)?.answer
  },
}
