import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { PROJECT_ROOT } from '../../tools/local/offline-process.ts'
import { run } from '../../tools/program.ts'
import { linter } from '../../tools/rehearse/python.ts'
import { DOCUMENTED, packagesOf, uploadedPackages } from './documented.ts'
import { type Evaluated, evaluate } from './evaluate.ts'

const EXAMPLE = join(PROJECT_ROOT, 'examples', 'cdk')
const VALUES = {
  PackagesBucket: 'my-bucket',
  PackagesPrefix: 'packages/',
  Issuer: 'https://tokens.example.com',
  Stage: 'staging',
}

const [release] = inject('releases')
let folder: string
const NAME = 'CecTokenBridge.template.json'
const synthesised = () => join(folder, NAME)
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))

/** The CDK writes what a resource waits for as a list in an order of its own. */
const inOrder = ({ Resources, Outputs }: Evaluated): Evaluated => ({
  Outputs,
  Resources: Object.fromEntries(
    Object.entries(Resources).map(([id, { DependsOn = [], ...rest }]) => [
      id,
      { ...rest, DependsOn: [DependsOn].flat().sort() },
    ]),
  ),
})

const synthesise = (to: string, values: Readonly<Record<string, string>>) =>
  run(process.execPath, ['app.ts'], {
    cwd: EXAMPLE,
    env: { PATH: process.env['PATH'], HOME: folder, CDK_OUTDIR: to, ...values, RELEASE: release },
  })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'release-cdk-'))
  // Without the command line of the CDK, which would deploy.
  await run('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], { cwd: EXAMPLE, env: process.env })
  await synthesise(folder, {
    STAGE: VALUES.Stage,
    ISSUER: VALUES.Issuer,
    PACKAGES_BUCKET: VALUES.PackagesBucket,
    PACKAGES_PREFIX: VALUES.PackagesPrefix,
  })
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('examples/cdk', () => {
  it('makes a stack that is the release, with the values that it was given', () => {
    const theirs = inOrder(evaluate(read(synthesised()), {}))
    const ours = (values: typeof VALUES) => inOrder(evaluate(read(join(release, 'template.json')), values))
    expect(theirs).toEqual(ours(VALUES))
    expect(theirs).not.toEqual(ours({ ...VALUES, Stage: 'other' }))
  })

  it('leaves every parameter to whoever deploys, with its rules', () => {
    const { BootstrapVersion: _, ...theirs } = read(synthesised()).Parameters
    const { Parameters: ours } = read(join(release, 'template.json'))
    for (const [name, Default] of Object.entries(VALUES)) ours[name] = { ...ours[name], Default }
    expect(theirs).toEqual(ours)
  })
})

describe('docs/releases.md: Deploy one', () => {
  const uploaded = uploadedPackages(release)
  const template = () => read(join(release, 'template.json'))

  it.each(['AWS CLI', 'link', 'Terraform'] as const)(
    'uploads the packages that the stack takes: %s',
    (way) => {
      expect(packagesOf(evaluate(template(), DOCUMENTED[way]))).toEqual(uploaded)
      const elsewhere = { ...DOCUMENTED[way], PackagesPrefix: '' }
      expect(packagesOf(evaluate(template(), elsewhere))).not.toEqual(uploaded)
    },
  )

  it('uploads the packages that the stack takes: AWS CDK', async () => {
    const to = join(folder, 'documented')
    await synthesise(to, DOCUMENTED['AWS CDK'])
    expect(packagesOf(evaluate(read(join(to, NAME)), {}))).toEqual(uploaded)
  })

  it('says that the CDK needs its bootstrap, which it does for more than 51,200 bytes', () => {
    expect(statSync(synthesised()).size).toBeGreaterThan(51_200)
    expect(statSync(join(release, 'template.json')).size).toBeGreaterThan(51_200)
  })
})

describe('cfn-lint', () => {
  // W3005: the framework says of a resource that it waits for another which it refers to as well.
  const lint = (template: string) =>
    run(linter, ['--ignore-checks', 'W3005', '--regions', 'eu-west-1', '--', template], {
      cwd: folder,
      env: process.env,
    })

  it('finds nothing in the template of the release', async () => {
    await lint(join(release, 'template.json'))
  })

  it('finds nothing in what the CDK has made of it, and would find a wrong word', async () => {
    await lint(synthesised())
    const wrong = join(folder, 'wrong.json')
    const text = readFileSync(synthesised(), 'utf8')
    writeFileSync(wrong, text.replace('PAY_PER_REQUEST', 'PAY_PER_REQEST'))
    await expect(lint(wrong)).rejects.toThrow('E3030')
  })
})
