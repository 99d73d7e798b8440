import { describe, expect, it } from 'vitest'
import { filledByPreset } from '../../../lib/schemas/issuer-presets.ts'

const filled = (entry: object) => filledByPreset({ kind: 'user', ...entry }) as Record<string, unknown>

describe('lib/schemas/issuer-presets', () => {
  it('fills what the entry leaves out, and nothing else', () => {
    expect(filled({ provider: 'keycloak' })).toEqual({
      kind: 'user',
      provider: 'keycloak',
      tokens: 'jwt',
      clientClaim: 'azp',
      requiredClaims: { typ: 'Bearer' },
      userClaim: 'sub',
      userIdForm: 'sha256-24',
    })
    expect(filled({ provider: 'keycloak', tokens: 'rfc9068', clientClaim: 'x' })).toMatchObject({
      tokens: 'rfc9068',
      clientClaim: 'x',
    })
    expect(filled({})).toEqual({ kind: 'user' })
  })

  it('fills required claims one by one, and lets null drop one', () => {
    const requiredClaims = { acr: '1' }
    expect(filled({ provider: 'keycloak', requiredClaims })['requiredClaims']).toEqual({
      typ: 'Bearer',
      acr: '1',
    })
    const dropped = filled({ provider: 'keycloak', requiredClaims: { typ: null } })
    expect(dropped['requiredClaims']).toEqual({ typ: null })
    // What is no object is the schema's to refuse.
    expect(filled({ provider: 'keycloak', requiredClaims: 'typ' })['requiredClaims']).toBe('typ')
  })

  it('keeps a demand by any name, with a provider and without', () => {
    for (const provider of ['keycloak', undefined]) {
      const requiredClaims = JSON.parse('{"__proto__":"x"}')
      const entry = filled({ provider, requiredClaims })
      expect(Object.keys(entry['requiredClaims'] as object)).toContain('__proto__')
    }
  })

  it('lets each member that the entry writes count', () => {
    expect(filled({ provider: 'keycloak', userIdForm: 'as-is' })).toMatchObject({ userIdForm: 'as-is' })
    expect(filled({ provider: 'auth0', nameFrom: 'token' })).toMatchObject({ nameFrom: 'token' })
    expect(filled({ provider: 'auth0' })).toMatchObject({ nameFrom: 'directory', userIdForm: 'sha256-24' })
  })

  it('leaves a form to the claim that the entry names, and the directory to a name of the entry’s', () => {
    expect(filled({ provider: 'keycloak', userClaim: 'employee' })).not.toHaveProperty('userIdForm')
    expect(filled({ provider: 'okta' })).toMatchObject({ nameFrom: 'directory', userClaim: 'uid' })
    expect(filled({ provider: 'okta', userNameClaim: 'nick' })).not.toHaveProperty('nameFrom')
  })

  it('speaks of ID tokens where the entry asks for them', () => {
    for (const acceptIdTokens of [true, 'true']) {
      const entry = filled({ provider: 'keycloak', acceptIdTokens })
      expect(entry).toMatchObject({ requiredClaims: { typ: 'ID' }, userIdForm: 'sha256-24' })
      expect(entry).not.toHaveProperty('tokens')
    }
    expect(filled({ provider: 'entra', acceptIdTokens: true })).toMatchObject({
      requiredClaims: { azpacr: false, appidacr: false },
    })
    expect(filled({ provider: 'google' })).toMatchObject({
      issuer: 'https://accounts.google.com',
      acceptIdTokens: true,
      requiredClaims: { azp: true },
    })
  })

  it('knows Entra ID’s version by the issuer', () => {
    expect(filled({ provider: 'entra', issuer: 'https://sts.windows.net/1/' })).toMatchObject({
      clientClaim: 'appid',
      jwksUri: 'https://login.windows.net/common/discovery/keys',
    })
    const second = filled({ provider: 'entra', issuer: 'https://login.microsoftonline.com/1/v2.0' })
    expect(second).toMatchObject({ clientClaim: 'azp' })
    expect(second).not.toHaveProperty('jwksUri')
  })

  it('gives a back end nothing that is a user’s', () => {
    for (const provider of ['keycloak', 'entra', 'auth0', 'okta', 'cognito', 'google']) {
      const entry = filledByPreset({ kind: 'back-end', provider })
      for (const member of ['userClaim', 'userIdForm', 'nameFrom', 'acceptIdTokens'])
        expect(entry).not.toHaveProperty(member)
    }
  })

  it.each([undefined, 'x', 7, null, ['keycloak']])('fills nothing of a provider %j', (provider) => {
    expect(filled({ provider })).toEqual({ kind: 'user', provider })
  })

  it.each(['toString', '__proto__', 'entra v1 '])('fills nothing of a provider %s', (provider) => {
    expect(filled({ provider })).toEqual({ kind: 'user', provider })
  })
})
