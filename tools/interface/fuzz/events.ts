/** What schemathesis reports of its run, one event a line: what was sent to each operation, and what came of it. */

interface Scenario {
  readonly phase: string
  readonly recorder: {
    /** Method and path. */
    readonly label: string
    readonly cases?: Readonly<
      Record<
        string,
        { readonly value: { readonly meta?: { readonly generation?: { readonly mode?: string } } } }
      >
    >
    readonly checks?: Readonly<Record<string, readonly Check[]>>
    readonly interactions?: Readonly<Record<string, { readonly response?: Response | null }>>
  }
}

interface Response {
  readonly status_code: number
  readonly content?: { readonly $base64: string }
}

interface Check {
  readonly name: string
  readonly status: string
  readonly failure_info?: { readonly failure?: { readonly title?: string; readonly message?: string } }
}

export interface Counts {
  readonly operation: string
  /** By the document's own word inputs that it takes, and inputs that it refuses. */
  readonly taken: number
  readonly refused: number
  /** By the first digit of the status; 0 where no answer came. */
  readonly answers: Readonly<Record<number, number>>
}

export interface Finding {
  readonly operation: string
  readonly check: string
  readonly says: string
}

export interface Outcome {
  readonly counts: readonly Counts[]
  readonly findings: readonly Finding[]
}

/** Of the report's text. A line that cannot be read is an error: nothing is left out in silence. */
export const outcomeOf = (report: string): Outcome => {
  const counts = new Map<string, Counts>()
  const findings: Finding[] = []
  for (const line of report.split('\n').filter((text) => text !== '')) {
    const { ScenarioFinished: finished } = JSON.parse(line) as { ScenarioFinished?: Scenario }
    if (finished === undefined) continue
    // An operation that has nothing to send in a phase, such as no parameter, has none of the three.
    const { label, cases = {}, checks = {}, interactions = {} } = finished.recorder
    for (const [id, { response }] of Object.entries(interactions)) {
      const known = counts.get(label) ?? { operation: label, taken: 0, refused: 0, answers: {} }
      const isRefused = cases[id]?.value.meta?.generation?.mode === 'negative'
      const digit = Math.floor((response?.status_code ?? 0) / 100)
      counts.set(label, {
        operation: label,
        taken: known.taken + (isRefused ? 0 : 1),
        refused: known.refused + (isRefused ? 1 : 0),
        answers: { ...known.answers, [digit]: (known.answers[digit] ?? 0) + 1 },
      })
    }
    for (const [id, list] of Object.entries(checks))
      for (const check of list.filter(({ status }) => status === 'failure'))
        if (!(check.name === 'negative_data_rejection' && isRefusal(interactions[id]?.response)))
          findings.push({ operation: label, check: check.name, says: saysOf(check) })
  }
  return { counts: [...counts.values()], findings }
}

/** CEC's two questions are answered with 200 whatever is said: of what is asked wrongly `retCode` is not 0. */
const isRefusal = (response: Response | null | undefined): boolean => {
  if (response?.status_code !== 200 || response.content === undefined) return false
  const body = JSON.parse(Buffer.from(response.content.$base64, 'base64').toString())
  return typeof body?.retCode === 'number' && body.retCode !== 0
}

const saysOf = ({ failure_info: info }: Check): string => {
  const { title = '', message = '' } = info?.failure ?? {}
  return `${title} ${message}`.trim().replace(/\s+/g, ' ').slice(0, 300)
}
