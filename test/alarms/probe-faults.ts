/** What the prober meets, and what must ring none of its alarms. Nobody else asks meanwhile. */

import type { Answer, Question } from '../../lib/probe/ask.ts'
import type { Fault, Scene } from './scene.ts'

const answering = (answer: Answer, path: RegExp) => () => ({
  probed: (question: Question) => (path.test(question.url) ? answer : undefined),
})
const UNAUTHENTICATED = { status: 401, members: { code: 'UNAUTHENTICATED' } }
const OIAP_REFUSED = { status: 401, members: { errorCode: 990004010 } }
const OIAP_DOWN = { status: 503, members: { errorCode: 990005030 } }
const UNREACHABLE = { members: {}, unanswered: 'ENOTFOUND' }
const UNCHECKED = { status: 200, members: { retCode: 6 } }

export const PROBE_FAULTS: Readonly<Record<string, Fault>> = {
  'the address leads nowhere': {
    ...{ minutes: 20, running: answering(UNREACHABLE, /./), rings: ['ProbeFailing'] },
  },
  'the prober’s tokens cannot be checked': {
    ...{ minutes: 20, running: answering(UNCHECKED, /validate$/), rings: ['ProbeFailing'] },
  },
  'the prober’s key has ended': {
    ...{ minutes: 20, running: answering(UNAUTHENTICATED, /enterprise-tokens$/), rings: ['ProbeRefused'] },
  },
  'the callers’ secret has lost its entries': {
    ...{ minutes: 20, rings: ['ProbeFailing'] },
    running: () => ({
      probed: ({ url }: Question) =>
        url.endsWith('/enterprise-tokens')
          ? UNAUTHENTICATED
          : url.endsWith('CubeToken')
            ? OIAP_REFUSED
            : undefined,
    }),
  },
  'OIAP is down for the prober': {
    ...{ minutes: 20, running: answering(OIAP_DOWN, /CubeToken$/), rings: ['ProbeVendorFailing'] },
  },
  'the prober is not called': {
    ...{ minutes: 25, running: () => ({ probed: 'silent' }), rings: ['ProbeSilent'] },
  },

  // what must ring nothing
  'the prober meets a hitch once (no fault)': {
    minutes: 4,
    running: answering(UNREACHABLE, /validate$/),
    rings: [],
  },
  'the prober misses one run (no fault)': {
    ...{ minutes: 5, running: () => ({ probed: 'silent' }), rings: [] },
    between: ({ stage }: Scene) => stage.called('validateEnterpriseToken'),
  },
}
