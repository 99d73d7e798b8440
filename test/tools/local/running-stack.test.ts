import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { announce, findRunning, withdraw } from '../../../tools/local/running-stack.ts'

const endpoints = {
  AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:1',
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:2',
}
let root: string
let folder: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'running-'))
  folder = join(root, 'not/made/yet')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** The id of a process that has ended. */
const deadPid = () => Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }))
const plant = (pid: number, startedAt: number) => {
  const file = join(folder, `local-${pid}.json`)
  writeFileSync(file, JSON.stringify({ pid, startedAt, endpoints }))
  return file
}

describe('tools/local/running-stack', () => {
  it('finds what was announced, until it is withdrawn', () => {
    expect(findRunning(folder)).toBeUndefined()
    announce(endpoints, folder)
    expect(findRunning(folder)).toMatchObject({ pid: process.pid, endpoints })
    withdraw(folder)
    expect(findRunning(folder)).toBeUndefined()
    withdraw(folder)
  })

  it('ignores and removes the file of a process that is gone', () => {
    announce(endpoints, folder)
    const stale = plant(deadPid(), Date.now() + 1000)
    expect(findRunning(folder)?.pid).toBe(process.pid)
    expect(existsSync(stale)).toBe(false)
  })

  it('takes the one started last when several run', () => {
    announce(endpoints, folder)
    plant(process.ppid, Date.now() + 1000)
    expect(findRunning(folder)?.pid).toBe(process.ppid)
    plant(process.ppid, 0)
    expect(findRunning(folder)?.pid).toBe(process.pid)
  })

  it('takes a file that is no JSON yet for none', () => {
    announce(endpoints, folder)
    writeFileSync(join(folder, `local-${process.pid}.json`), '{"pid":')
    expect(findRunning(folder)).toBeUndefined()
  })
})
