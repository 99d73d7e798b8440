/** CloudWatch's dashboard of a stage, made of the table `dashboard-table.ts`. */

import { alarmName } from './alarm-rows.ts'
import { type Figures, type Panel, panelsOf, type Source } from './dashboard-table.ts'
import type { Resource } from './template.ts'

const OURS = 'cec-token-bridge'
/** Of the grid of 24 columns. */
const SIZE = { width: 8, height: 6 }
const ACROSS = 3
const ALARMS_HEIGHT = 3
const PERIOD_SECONDS = 300
const DAY_SECONDS = 86_400
const REGION = '${AWS::Region}'

interface Shown {
  readonly stage: string
  readonly functions: readonly string[]
  /** Ids of the alarms that notify somebody. */
  readonly alarms: readonly string[]
}

/** `Fn::Sub` puts the names of the stage's own resources into its text. */
export const dashboard = ({ stage, functions, alarms }: Shown): Resource => ({
  Type: 'AWS::CloudWatch::Dashboard',
  Properties: {
    DashboardName: `${OURS}-${stage}`,
    DashboardBody: {
      'Fn::Sub': JSON.stringify({
        widgets: [
          alarmWidget(alarms),
          ...panelsOf(functions).map((panel, index) => ({
            ...SIZE,
            x: (index % ACROSS) * SIZE.width,
            y: ALARMS_HEIGHT + Math.floor(index / ACROSS) * SIZE.height,
            ...widget(panel, stage),
          })),
        ],
      }),
    },
  },
})

const alarmWidget = (alarms: readonly string[]) => ({
  ...{ type: 'alarm', x: 0, y: 0, width: SIZE.width * ACROSS, height: ALARMS_HEIGHT },
  properties: {
    title: 'Alarms',
    alarms: alarms.map(
      (id) => `arn:\${AWS::Partition}:cloudwatch:${REGION}:\${AWS::AccountId}:alarm:\${${id}}`,
    ),
  },
})

const widget = (panel: Panel, stage: string) => {
  const { title } = panel
  if ('query' in panel) {
    const sources = panel.functions.map((name) => `SOURCE '\${${alarmName('LogGroup', name)}}'`)
    const query = [...sources, panel.query.join('\n')].join(' | ')
    return { type: 'log', properties: { title, region: REGION, view: 'table', query } }
  }
  const metrics = 'search' in panel ? [[{ expression: searched(panel, stage) }]] : lines(panel, stage)
  return {
    type: 'metric',
    properties: { title, region: REGION, view: 'timeSeries', ...spanOf(panel), metrics },
  }
}

const spanOf = (panel: Panel) =>
  'days' in panel ? { period: DAY_SECONDS, start: `-P${panel.days}D` } : { period: PERIOD_SECONDS }

const searched = (
  { search, dimensions }: Extract<Panel, { readonly search: string }>,
  stage: string,
): string =>
  `SEARCH('{${[OURS, ...dimensions].map(inSchema).join(',')}} MetricName="${search}" stage="${stage}"', 'Sum', ${PERIOD_SECONDS})`

/** CloudWatch takes a name with anything but letters and digits in quotes alone, and finds nothing without them. */
const inSchema = (name: string): string => (/^[a-z\d]+$/i.test(name) ? name : `"${name}"`)

/** Namespace and dimensions of a metric, by where it comes from. */
const FROM: Readonly<Record<Source, (of: string, stage: string) => readonly [string, ...string[]]>> = {
  lambda: (of) => ['AWS/Lambda', 'FunctionName', `\${${alarmName('LambdaFunction', of)}}`],
  stage: (_, stage) => [OURS, 'stage', stage],
  api: () => ['AWS/ApiGateway', 'ApiId', '${HttpApi}'],
  table: (of) => ['AWS/DynamoDB', 'TableName', `\${${of}}`],
  log: (of) => ['AWS/Logs', 'LogGroupName', `\${${alarmName('LogGroup', of)}}`],
}

const lines = ({ source, metrics, stats, of }: Figures, stage: string) =>
  (of ?? ['']).flatMap((name) =>
    metrics.flatMap((metric) =>
      stats.map((stat) => {
        const [namespace, ...dimensions] = FROM[source](name, stage)
        const label = [
          name,
          ...(metrics.length > 1 || name === '' ? [metric] : []),
          ...(stats.length > 1 ? [stat] : []),
        ]
        return [namespace, metric, ...dimensions, { stat, label: label.filter(Boolean).join(' ') }]
      }),
    ),
  )
