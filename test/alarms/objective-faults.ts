/** What uses up the objective of CEC's questions, or takes too long, and what must ring none of its alarms. */

import type { Fault, Scene } from './scene.ts'

/** In each minute so many questions, of which every nth goes unanswered. */
const questions = (many: number, everyNth = Number.POSITIVE_INFINITY, ms = 20) => {
  let asked = 0
  return ({ stage }: Scene): void => {
    for (let count = 0; count < many; count++) {
      asked += 1
      stage.called('validateEnterpriseToken', 'well', ms)
      if (asked % everyNth === 0) {
        const line = { code: 'DIRECTORY_UNAVAILABLE', reason: 'ThrottlingException', status: 200 } as const
        stage.log('ERROR', { ...line, function: 'validateEnterpriseToken' })
      }
    }
  }
}

/** The prober alone asks, three questions every five minutes, which nobody answers. Every third run and all values are late. */
export const onlyProbed = (): Fault => {
  const fail = questions(3, 1)
  let minute = 0
  const between = (scene: Scene): void => {
    const isLate = Math.floor(minute / 5) % 3 === 2
    if (minute % 5 === (isLate ? 1 : 0)) fail(scene)
    minute += 1
  }
  return {
    ...{ minutes: 62, between, lateMinutes: 2, quietAfter: 40 },
    rings: ['ValidateEnterpriseTokenBurningFast'],
  }
}

export const OBJECTIVE_FAULTS: Readonly<Record<string, Fault>> = {
  'one question in 120 goes unanswered for an hour': {
    ...{ minutes: 60, between: questions(120, 120), quietAfter: 35 },
    rings: ['ValidateEnterpriseTokenBurningFast', 'ValidateEnterpriseTokenBurningSlow'],
  },
  'one question in 250 goes unanswered for hours': {
    ...{ minutes: 200, between: questions(50, 250), quietAfter: 35 },
    rings: ['ValidateEnterpriseTokenBurningSlow'],
  },
  'answers take two seconds': {
    ...{ minutes: 20, between: questions(5, undefined, 2_000) },
    rings: ['ValidateEnterpriseTokenSlow'],
  },

  // what must ring nothing
  'one question in 2,000 goes unanswered, which is the objective (no fault)': {
    ...{ minutes: 400, between: questions(50, 2_000), rings: [] },
  },
  'few questions, of which four go unanswered in an hour (no fault)': {
    ...{ minutes: 56, rings: [] },
    between: ({ stage }) => {
      stage.called('validateEnterpriseToken')
      if (Math.floor(stage.world.at / 60_000) % 15 === 0) questions(1, 1)({ stage } as Scene)
    },
  },
  'one answer in a thousand takes two seconds (no fault)': {
    ...{ minutes: 20, rings: [] },
    between: (scene) => {
      questions(300)(scene)
      if (Math.floor(scene.stage.world.at / 60_000) % 4 === 0) questions(1, undefined, 2_000)(scene)
    },
  },
}
