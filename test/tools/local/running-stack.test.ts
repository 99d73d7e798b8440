import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { announce, environmentOf, findRunning, withdraw } from '../../../tools/local/running-stack.ts'

const endpoints = {
  AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:1',
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:2',
}
const environment = { USER_ID_MAX_LENGTH: '8' }
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
    announce({ endpoints, environment }, folder)
    expect(findRunning(folder)).toMatchObject({ pid: process.pid, endpoints })
    withdraw(folder)
    expect(findRunning(folder)).toBeUndefined()
    withdraw(folder)
  })

  it('ignores and removes the file of a process that is gone', () => {
    announce({ endpoints, environment }, folder)
    const stale = plant(deadPid(), Date.now() + 1000)
    expect(findRunning(folder)?.pid).toBe(process.pid)
    expect(existsSync(stale)).toBe(false)
  })

  it('takes the one started last when several run', () => {
    announce({ endpoints, environment }, folder)
    plant(process.ppid, Date.now() + 1000)
    expect(findRunning(folder)?.pid).toBe(process.ppid)
    plant(process.ppid, 0)
    expect(findRunning(folder)?.pid).toBe(process.pid)
  })

  it('has the environment of the stage to which the endpoints lead, whichever was started last', () => {
    announce({ endpoints, environment }, folder)
    const other = { ...endpoints, AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:3' }
    const later = { pid: process.ppid, startedAt: Date.now() + 1000, endpoints: other }
    writeFileSync(join(folder, `local-${process.ppid}.json`), JSON.stringify(later))
    expect(environmentOf({ ...endpoints, HOME: '/' }, folder)).toEqual(environment)
    // One of an earlier day, and none at all
    expect(environmentOf(other, folder)).toEqual({})
    expect(environmentOf({}, folder)).toEqual({})
  })

  it('takes a file that is no JSON yet for none', () => {
    announce({ endpoints, environment }, folder)
    writeFileSync(join(folder, `local-${process.pid}.json`), '{"pid":')
    expect(findRunning(folder)).toBeUndefined()
  })
})
