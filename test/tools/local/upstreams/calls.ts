import { tokenByAkSk } from './cec/calls.ts'
import { getMessageToken } from './live/signer.ts'
import { type Answer, type Fixture, post } from './support.ts'

export type System = 'cec' | 'oiap' | 'live'

/** The one call of each system that needs nothing before it. */
export const callsOf = (fixture: Fixture): Record<System, () => Promise<Answer>> => ({
  cec: () => tokenByAkSk(fixture.secrets.cec),
  oiap: () => {
    const { url, appKey, appSecret } = fixture.secrets.oiap
    return post(url, { appKey, appSecret }, { 'content-type': 'application/json; charset=UTF-8' })
  },
  live: () => getMessageToken(fixture.secrets.live, fixture.now),
})
