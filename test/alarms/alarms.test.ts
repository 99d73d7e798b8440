import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UpstreamFailure } from '../../lib/outbound/failures.ts'
import { ALARMS } from '../../tools/package/alarm-table.ts'
import { MINUTE_MS } from '../support/schedule-world.ts'
import { startWorld, type World } from '../support/world.ts'
import { FAULTS } from './faults.ts'
import { ringing } from './judge.ts'
import { OBJECTIVE_FAULTS, onlyProbed } from './objective-faults.ts'
import { PROBE_FAULTS } from './probe-faults.ts'
import { broken, isHalf, newScene, RESOURCES, vendorAnswers, vendorFails } from './scene.ts'
import { heard } from './trial.ts'

const ALL = { ...FAULTS, ...OBJECTIVE_FAULTS, ...PROBE_FAULTS }

let routes: World
beforeAll(async () => {
  routes = await startWorld()
})
afterAll(() => routes.close())

describe('tools/package/alarm-table', () => {
  it.each(Object.entries(ALL))('%s', { timeout: 60_000 }, async (_, fault) => {
    const { before, during, after } = await broken(routes, fault)
    expect(before.flat()).toEqual([])
    expect(during.at(-1)?.toSorted()).toEqual(fault.rings.toSorted())
    // steady: whatever has begun to ring rings until the end
    for (const name of fault.rings) {
      const rings = during.map((names) => names.includes(name))
      expect(rings.slice(rings.indexOf(true))).not.toContain(false)
    }
    if (fault.rings.length === 0) expect([...during, ...after].flat()).toEqual([])
    expect(after.at(-1)).toEqual([])
  })

  it('begins and ends once where the prober alone asks, whatever comes late', async () => {
    const fault = onlyProbed()
    const { before, during, after } = await broken(routes, fault)
    for (const name of fault.rings) {
      const rings = [...before, ...during, ...after].map((names) => names.includes(name))
      const changes = rings.filter((rang, minute) => minute > 0 && rang !== rings[minute - 1])
      expect(changes).toEqual([true, false])
    }
  })

  it('names what is down for agents while visitors are refused, too', async () => {
    const { during } = await broken(routes, {
      ...{ minutes: 20, rings: [] },
      between: ({ stage }) => {
        stage.called('validateEnterpriseToken', 'failed')
        // too few for the objective
        if (Math.floor(stage.world.at / MINUTE_MS) % 5 === 0) stage.called('validateAgentToken', 'failed')
      },
    })
    expect(heard(during.at(-1) ?? []).toSorted()).toEqual([
      'ValidateAgentTokenValidatingDown',
      'ValidateEnterpriseTokenBurningFast',
    ])
  })

  it('has a fault for every alarm', () => {
    const rung = new Set(Object.values(ALL).flatMap(({ rings }) => rings))
    const kinds = Object.keys(ALARMS).filter((row) => ![...rung].some((name) => name.endsWith(row)))
    expect(kinds).toEqual([])
  })

  it('is silent through a healthy day, hitches included', { timeout: 60_000 }, async () => {
    const scene = await newScene(routes)
    const { stage } = scene
    const startedAt = stage.world.at
    let minute = 0
    const asked = (
      level: 'INFO' | 'ERROR',
      fields: { code: 'TOKEN_VALID' | 'DIRECTORY_UNAVAILABLE' | 'TOKEN_EXPIRED' },
    ) => {
      stage.log(level, { ...fields, function: 'validateEnterpriseToken', status: 200 })
      stage.called('validateEnterpriseToken')
    }
    await stage.minutes(24 * 60, {}, async () => {
      minute += 1
      for (let count = 0; count < 5; count++) asked('INFO', { code: 'TOKEN_VALID' })
      if (minute % 7 === 0) asked('INFO', { code: 'TOKEN_EXPIRED' })
      if (minute % 240 === 0) asked('ERROR', { code: 'DIRECTORY_UNAVAILABLE' })
      if (minute % 10 === 0) await stage.world.request('t0')
      if (minute % 300 === 0) vendorFails(() => new UpstreamFailure('unavailable', {}))(scene)
      if (minute % 300 === 2) vendorAnswers(scene)
      if (minute % 400 === 0) stage.called('issueEnterpriseToken', 'failed')
      if (minute % 90 === 0) scene.access('429', '-')
      if (minute % 200 === 0) stage.called('validateEnterpriseToken', 'well', 1_500)
    })
    const minutes = ringing(RESOURCES, stage, { from: startedAt + 10 * MINUTE_MS, to: stage.world.at })
    expect(minutes.flat().filter((name) => !isHalf(name))).toEqual([])
    expect(stage.lines.length).toBeGreaterThan(24 * 60)
  })
})
