import { describe, expect, it } from 'vitest'
import { isByOwnPage, isForOwnHost } from '../../../../tools/local/playground/own-page.ts'

const PORT = 3000
const HOST = '127.0.0.1:3000'

describe('tools/local/playground/own-page: isForOwnHost', () => {
  it.each(['127.0.0.1:3000', 'localhost:3000', 'LOCALHOST:3000'])('is true for %s', (host) => {
    expect(isForOwnHost({ host }, PORT)).toBe(true)
  })

  it.each([
    undefined,
    '',
    'attacker.example:3000', // a name that leads to 127.0.0.1
    'localhost.attacker.example:3000',
    '127.0.0.1',
    '127.0.0.1:3001',
    '127.0.0.1:3000.attacker.example',
    '[::1]:3000',
  ])('is false for %s', (host) => {
    expect(isForOwnHost(host === undefined ? {} : { host }, PORT)).toBe(false)
  })
})

describe('tools/local/playground/own-page: isByOwnPage', () => {
  const OWN = { host: HOST, origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' }
  const without = (name: string) => Object.fromEntries(Object.entries(OWN).filter(([key]) => key !== name))

  it.each([
    ['POST', OWN],
    ['POST', { ...OWN, host: 'localhost:3000', origin: 'http://localhost:3000' }],
    ['POST', without('sec-fetch-site')], // of a browser before 2023
    ['GET', OWN],
    ['GET', without('origin')],
    ['GET', { host: HOST }], // of a program
  ])('is true for a %s with %j', (method, headers) => {
    expect(isByOwnPage(method, headers, PORT)).toBe(true)
  })

  it.each([
    ['POST', { ...OWN, origin: 'http://attacker.example' }],
    ['POST', { ...OWN, origin: 'http://127.0.0.1:8080' }],
    ['POST', { ...OWN, origin: 'http://localhost:3000' }], // the same server by another name is another origin
    ['POST', { ...OWN, origin: 'https://127.0.0.1:3000' }],
    ['POST', { ...OWN, origin: 'null' }],
    ['POST', without('origin')],
    ['POST', { ...OWN, 'sec-fetch-site': 'same-site' }],
    ['POST', { ...OWN, 'sec-fetch-site': 'cross-site' }],
    ['POST', { ...OWN, host: 'attacker.example:3000', origin: 'http://attacker.example:3000' }],
    ['GET', { host: HOST, 'sec-fetch-site': 'cross-site' }],
    ['GET', { host: HOST, 'sec-fetch-site': 'none' }],
    ['GET', { host: HOST, origin: 'http://attacker.example' }],
    ['GET', { host: 'attacker.example:3000' }],
  ])('is false for a %s with %j', (method, headers) => {
    expect(isByOwnPage(method, headers, PORT)).toBe(false)
  })
})
