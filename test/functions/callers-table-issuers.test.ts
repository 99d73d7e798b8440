import { describe, expect, it } from 'vitest'
import { issuerItemKey } from '../../lib/callers/items.ts'
import { BACK_END } from '../support/identity-provider.ts'
import {
  backEnds,
  claims,
  codeOf,
  head,
  idp,
  job,
  signed,
  tom,
  useOidcWorld,
  users,
  world,
} from '../support/oidc-world.ts'
import { CALLERS_TABLE, callersSecret, PREFIX } from '../support/world.ts'

useOidcWorld()

describe('an issuer in the callers table', () => {
  const itemPut = (...issuers: object[]) =>
    world.dynamoDb.put(CALLERS_TABLE, [
      { pk: issuerItemKey(idp.issuer), entries: JSON.stringify({ callers: [], issuers }) },
    ])
  const listBeside = (...issuers: object[]) =>
    world.secretsManager.put(`${PREFIX}/callers`, {
      ...callersSecret([{ callerId: 'shop', key: world.callerKey }], issuers),
      table: true,
    })

  it('has its users and back ends taken as if the secret listed them', async () => {
    listBeside()
    await itemPut(users(), backEnds())
    expect(await codeOf('applyToken', tom)).toBe('CHAT_TOKEN_ISSUED')
    expect(await codeOf('putUser', job)).toBe('USER_WRITTEN')
    await itemPut(users())
    expect(await codeOf('putUser', job)).toBe('OIDC_AUDIENCE_WRONG')
  })

  it('keeps a back end that it lists from being a user of an entry of the secret', async () => {
    const asUser = () => signed(head(), claims({ sub: BACK_END }))
    listBeside(users())
    await itemPut(backEnds())
    expect(await codeOf('applyToken', asUser())).toBe('OIDC_NOT_A_USER')
    expect(await codeOf('applyToken', tom)).toBe('CHAT_TOKEN_ISSUED')
    await itemPut(backEnds({ subjects: [BACK_END, 7] }))
    expect(await codeOf('applyToken', asUser())).toBe('OIDC_NOT_A_USER')
    await itemPut(backEnds({ subjects: ['another'] }))
    expect(await codeOf('applyToken', asUser(), { userId: BACK_END })).toBe('CHAT_TOKEN_ISSUED')
  })

  it('lets nobody of that issuer in while its item is unreadable, and caller keys all the same', async () => {
    listBeside(users())
    await world.dynamoDb.put(CALLERS_TABLE, [{ pk: issuerItemKey(idp.issuer), entries: '{' }])
    expect(await codeOf('applyToken', tom)).toBe('OIDC_ISSUER_UNKNOWN')
    expect(await codeOf('applyToken', world.callerKey)).toBe('SCOPE_MISSING')
    await itemPut()
    expect(await codeOf('applyToken', tom)).toBe('CHAT_TOKEN_ISSUED')
  })

  it('is 503 while the table cannot be asked, whatever the secret lists of it', async () => {
    listBeside(users())
    world.dynamoDb.fail({ kind: 'error', action: 'GetItem' })
    expect(await codeOf('putUser', tom)).toBe('CALLERS_UNAVAILABLE')
    world.dynamoDb.clearFaults()
    expect(await codeOf('applyToken', tom)).toBe('CHAT_TOKEN_ISSUED')
  })
})
