import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dynamoDirectory } from '../../../lib/directory/dynamodb.ts'
import { operate } from '../../../tools/operator/operator.ts'
import { progress } from '../../../tools/operator/progress.ts'
import { usersIn } from '../../../tools/operator/user/csv.ts'
import { importUsers } from '../../../tools/operator/user/import.ts'
import { STAGE, startWorld, TABLE, TENANT, USER, type World } from '../../support/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'user-'))
const file = join(folder, 'users.csv')
const DEADLINE = { remainingMs: () => 5_000 }

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await world.close()
})

const run = async (...args: string[]) => {
  const said: string[] = []
  const complaints: string[] = []
  const code = await operate(['user', ...args, '--stage', STAGE], {
    say: (line) => said.push(line),
    complain: (line) => complaints.push(line),
  })
  return { code, said: said.join('\n'), complained: complaints.join('\n') }
}
const userOf = async (userId: string) =>
  (
    await dynamoDirectory({ table: TABLE, random: Math.random }).admission(
      { tenantSpaceId: TENANT, userId },
      DEADLINE,
    )
  ).user

describe('tools/operator/user', () => {
  it('puts, shows, renames and disables a user', async () => {
    expect(await run('put', TENANT, '张三', '张三')).toMatchObject({ code: 0, complained: '' })
    expect((await run('get', TENANT, '张三')).said).toContain(`张三 of ${TENANT}: 张三, active.`)
    await run('put', TENANT, '张三', '张四', '--disabled')
    expect(JSON.parse((await run('get', TENANT, '张三', '--json')).said)).toEqual({
      ...{ tenantSpaceId: TENANT, userId: '张三', userName: '张四', status: 'disabled' },
    })
  })

  it('deletes: ends every token, and keeps neither name nor tenant', async () => {
    const { code, said } = await run('delete', TENANT, USER.userId)
    expect(code).toBe(0)
    expect(said).toContain('Every token has ended, and none is issued. The name is gone; the id goes')
    expect(await userOf(USER.userId)).toEqual({
      ...{ pk: expect.any(String), kind: 'user', status: 'deleted', epoch: 1 },
    })
    expect((await run('get', TENANT, USER.userId)).said).toContain(`${USER.userId} of ${TENANT}: deleted.`)
  })

  it.each(['get', 'delete'])('%s says of a user that nobody has entered', async (word) => {
    expect(await run(word, TENANT, 'nobody')).toMatchObject({
      code: 1,
      complained: `The directory of this stage has no user "nobody" of ${TENANT}. Nothing was done.`,
    })
  })

  it.each([
    [[], 'Say what to do: expected one of put, get, delete, import.'],
    [['toString', TENANT], 'Say what to do: expected one of put, get, delete, import.'],
    [['put', TENANT, 'a'], 'put: expected a tenantSpaceId and a userId and a userName behind it.'],
    [['get', 'a b', 'a'], '<tenantSpaceId>: expected 1 to 64 letters, digits, underscores or hyphens.'],
    [['put', TENANT, 'a'.repeat(33), 'Tom'], 'userId: expected 1 to 32 characters.'],
    [['import', TENANT, 'users.csv', '--disabled'], '--disabled does not go with import.'],
    [['delete', TENANT, 'a', '--json'], '--json does not go with delete.'],
  ])('ends with 2 and one sentence for %j', async (args, sentence) => {
    const { code, complained } = await run(...args)
    expect(code).toBe(2)
    expect(complained.split('\n')).toEqual([sentence, expect.stringMatching(/^Use: npm run user -- /)])
  })
})

describe('tools/operator/user import', () => {
  const csv = (count: number) =>
    ['userId,userName,status', ...Array.from({ length: count }, (_, at) => `u${at},"User, ${at}",`)].join(
      '\r\n',
    )

  it('enters every user of a file, and leaves nothing beside it', async () => {
    writeFileSync(file, csv(45))
    expect(await run('import', TENANT, file)).toMatchObject({ code: 0, complained: '' })
    expect(await userOf('u44')).toMatchObject({ userName: 'User, 44', status: 'active' })
    expect(existsSync(`${file}.progress`)).toBe(false)
  })

  it('goes on where a run has broken off, and begins anew with another file, tenant or stage', async () => {
    const text = csv(60)
    const { users } = usersIn(text)
    const written: string[] = []
    let isDown = true
    const write = async ({ userId }: { readonly userId: string }) => {
      if (isDown && userId === 'u50') throw new Error('down')
      written.push(userId)
    }
    const stateFile = `${file}.progress`
    const started = (changes: object = {}) =>
      importUsers({
        ...{ write, place: 'prod eu-west-1', tenantSpaceId: TENANT, text, users, stateFile },
        ...{ progress: progress(true), ...changes },
      })
    await expect(started()).rejects.toThrow('down')
    expect(existsSync(stateFile)).toBe(true)
    isDown = false
    written.length = 0
    expect(await started()).toBe(40)
    expect(written).toEqual(users.slice(40).map(({ userId }) => userId))
    expect(existsSync(stateFile)).toBe(false)
    for (const changes of [{ text: `${text}\n` }, { tenantSpaceId: 'T-2' }, { place: 'test eu-west-1' }]) {
      isDown = true
      await expect(started()).rejects.toThrow('down')
      isDown = false
      expect(await started(changes)).toBe(0)
    }
  })

  it('says how to go on when the directory does not answer', async () => {
    writeFileSync(file, csv(3))
    world.dynamoDb.fail({ kind: 'error' })
    const broken = await run('import', TENANT, file)
    world.dynamoDb.clearFaults()
    expect(broken.code).toBe(1)
    expect(broken.complained).toMatch(/[^.]\. Run the command again: it goes on where it was\.$/)
    expect((await run('import', TENANT, file)).code).toBe(0)
  })

  it('says what is wrong, and how to go on, when the stage is gone in the midst', async () => {
    writeFileSync(file, csv(3))
    const { AWS_ENDPOINT_URL_DYNAMODB: there } = process.env
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = 'http://127.0.0.1:9'
    const { code, complained } = await run('import', TENANT, file)
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = there
    expect([code, complained]).toEqual([
      1,
      'ECONNREFUSED: AWS cannot be reached. Check the network, --region, and that no AWS_ENDPOINT_URL_… is set. Run the command again: it goes on where it was.',
    ])
    expect((await run('import', TENANT, file)).code).toBe(0)
  })

  it('writes no user while <file>.progress cannot be written, and says so', async () => {
    const other = join(folder, 'blocked.csv')
    writeFileSync(other, 'userId,userName\nblocked,Tom\n')
    mkdirSync(`${other}.progress`)
    expect(await run('import', TENANT, other)).toMatchObject({
      code: 1,
      complained: `${other}.progress cannot be written: it is a folder, and a file was expected. Users written by this run: 0. Mend that, and run the command again.`,
    })
    expect(await userOf('blocked')).toBeUndefined()
    // The twin
    rmdirSync(`${other}.progress`)
    expect((await run('import', TENANT, other)).code).toBe(0)
    expect(await userOf('blocked')).toMatchObject({ userName: 'Tom' })
  })

  it('reads the whole file for its digest once, however many users it has', async () => {
    const text = csv(100)
    let reads = 0
    const toJSON = () => {
      reads += 1
      return 'prod'
    }
    const place = { toJSON } as unknown as string
    await importUsers({
      ...{ write: async () => undefined, place, tenantSpaceId: TENANT, text },
      ...{ users: usersIn(text).users, stateFile: `${file}.progress`, progress: progress(true) },
    })
    expect(reads).toBe(1)
  })

  it('writes nothing while a line is wrong, and names each line and member', async () => {
    writeFileSync(
      file,
      'userId,userName,status\nnew-1,Tom,\n,Tom,\nnew-2,Tom,gone\nnew-1,Tom,\nnew-3,"To"m",active\nnew-4\n',
    )
    const { code, complained } = await run('import', TENANT, file)
    expect(code).toBe(1)
    expect(complained.split('\n')).toEqual([
      `${file}: nothing was written.`,
      '  line 3: userId: expected 1 to 32 characters',
      '  line 4: status: expected "active", "disabled" or "deleted"',
      '  line 5: userId: expected one that no line before has',
      expect.stringMatching(/^ {2}line 6: /),
      '  line 7: expected 3 fields, as in the head line',
    ])
    expect(await userOf('new-1')).toBeUndefined()
    // The twin: the same with the faults mended
    writeFileSync(file, 'userId,userName,status\nnew-1,Tom,\n')
    expect((await run('import', TENANT, file)).code).toBe(0)
    expect(await userOf('new-1')).toMatchObject({ userName: 'Tom' })
  })
})

describe('tools/operator/user/csv', () => {
  it.each([
    ['userId,userName\na,Tom', [['a', 'Tom']]],
    ['\ufeffuserName,userId\r\n"Tom ""T"" Smith",a\r\n\r\n', [['a', 'Tom "T" Smith']]],
    [
      'userId,userName\n"a","Smith, Tom"\nb,张三',
      [
        ['a', 'Smith, Tom'],
        ['b', '张三'],
      ],
    ],
  ])('reads %j', (text, expected) => {
    const { users, faults } = usersIn(text)
    expect(faults).toEqual([])
    expect(users.map((user) => [user.userId, 'userName' in user ? user.userName : undefined])).toEqual(
      expected,
    )
  })

  it.each(['', 'id,name\na,Tom', 'userId;userName\na;Tom', 'userId,userName,status,mail\na,b,c,d'])(
    'asks for the columns in %j',
    (text) => {
      expect(usersIn(text).faults).toEqual([
        'line 1: expected the columns userId, userName and, if you like, status',
      ])
    },
  )

  it.each(['userId,userName,userName\na,Tom,Tim', 'userId,userId,userName\na,b,Tom'])(
    'refuses the repeated column in %j',
    (text) => {
      expect(usersIn(text)).toEqual({ users: [], faults: ['line 1: expected each column once'] })
    },
  )
})
