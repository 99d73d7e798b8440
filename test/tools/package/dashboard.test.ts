import { describe, expect, it } from 'vitest'
import { METRICS, OUTCOMES } from '../../../lib/metrics.ts'
import { dashboard } from '../../../tools/package/dashboard.ts'
import { FUNCTIONS } from '../../template/golden.ts'

interface Widget {
  readonly type: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  // biome-ignore lint/suspicious/noExplicitAny: each type of widget has its own
  readonly properties: any
}

const { Properties } = dashboard({ stage: 'prod', functions: FUNCTIONS, alarms: ['ValidatingDownAlarm'] })
const body = (Properties['DashboardBody'] as { 'Fn::Sub': string })['Fn::Sub']
const { widgets } = JSON.parse(body) as { widgets: Widget[] }
const titled = (title: string) => widgets.find(({ properties }) => properties.title === title)?.properties

describe('tools/package/dashboard', () => {
  it('shows every metric of ours and every outcome', () => {
    for (const { name } of METRICS) expect(body).toContain(`"cec-token-bridge","${name}","stage","prod"`)
    for (const [name, dimensions] of Object.entries(OUTCOMES))
      expect(titled(name).metrics).toEqual([
        [
          {
            expression: `SEARCH('{"cec-token-bridge",${dimensions.join(',')}} MetricName="${name}" stage="prod"', 'Sum', 300)`,
          },
        ],
      ])
  })

  it('searches by schemas that CloudWatch can read: a name with other than letters and digits stands in quotes', () => {
    const searches = widgets
      .flatMap(({ properties }) => properties.metrics ?? [])
      .flatMap(([{ expression }]) => (expression === undefined ? [] : [String(expression)]))
    expect(searches).toHaveLength(Object.keys(OUTCOMES).length)
    for (const search of searches) {
      const [, schema = '', terms = ''] = /^SEARCH\('\{([^{}']+)\} ([^']+)', 'Sum', 300\)$/.exec(search) ?? []
      expect(schema.split(',').filter((name) => !/^([A-Za-z\d]+|"[^"]+")$/.test(name))).toEqual([])
      expect(terms.split(' ').filter((term) => !/^[A-Za-z\d]+="[^"]+"$/.test(term))).toEqual([])
    }
  })

  it('shows how often each function with a route is called, in one panel each', () => {
    const [first] = titled("CEC's questions").metrics
    expect(first).toEqual([
      ...['AWS/Lambda', 'Invocations', 'FunctionName', '${ValidateEnterpriseTokenLambdaFunction}'],
      { stat: 'Sum', label: 'validateEnterpriseToken' },
    ])
    const counted = widgets
      .flatMap(({ properties }) => (properties.start === undefined ? (properties.metrics ?? []) : []))
      .filter(([, metric]) => metric === 'Invocations')
      .map(([, , , name]) => name)
    const notRoutes = ['prewarmTokens', 'probe', 'doctor', 'rotateSigningKey']
    const routes = FUNCTIONS.filter((name) => !notRoutes.includes(name))
    expect(counted.toSorted()).toEqual(
      routes.map((name) => `\${${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction}`).toSorted(),
    )
  })

  it('shows the alarms, and asks the logs for what no metric has', () => {
    expect(widgets[0]).toMatchObject({
      type: 'alarm',
      properties: {
        alarms: [
          'arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:${ValidatingDownAlarm}',
        ],
      },
    })
    const fetched = titled('Machine tokens: when each was fetched last').query
    expect(fetched).toContain(`SOURCE '\${PrewarmTokensLogGroup}' | SOURCE '\${ApplyTokenLogGroup}' | `)
    expect(fetched).toContain(' | filter code = "MACHINE_TOKEN_FETCHED"\n| stats max(@timestamp) as fetched')
  })

  it('shows the last rotation of the signing keys, which come every 30 days, whatever time it shows', () => {
    const { start, period, metrics } = titled('Signing keys: steps of rotations, 35 days')
    expect({ start, period }).toEqual({ start: '-P35D', period: 86_400 })
    expect(metrics.map(([, metric, , name]: string[]) => [metric, name])).toEqual([
      ['Invocations', '${RotateSigningKeyLambdaFunction}'],
      ['Errors', '${RotateSigningKeyLambdaFunction}'],
    ])
    expect(titled("CEC's questions")).not.toHaveProperty('start')
  })

  it('lays no panel over another, and none beside the grid', () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from(
        { length: width * height },
        (_, cell) => `${x + (cell % width)},${y + Math.floor(cell / width)}`,
      ),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(widgets.filter(({ x, width }) => x + width > 24)).toEqual([])
  })
})
