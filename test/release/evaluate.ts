/** CloudFormation's own functions, as far as parameters decide them: what a template is for the values of a stack. */

type Json = unknown
type JsonObject = Readonly<Record<string, Json>>

export interface Evaluated {
  readonly Resources: Readonly<Record<string, JsonObject>>
  readonly Outputs: Readonly<Record<string, JsonObject>>
}

interface Stack {
  readonly values: Readonly<Record<string, string>>
  readonly conditions: JsonObject
}

const NOTHING = Symbol('AWS::NoValue')

/** Resources and outputs, with the template's defaults for what has no value, and without those whose condition does not hold. References to resources stay. Throws for a parameter without any. */
export const evaluate = (template: JsonObject, given: Readonly<Record<string, string>>): Evaluated => {
  const { Parameters = {}, Conditions = {}, Resources, Outputs } = template
  const values = Object.fromEntries(
    Object.entries(Parameters as Record<string, { Default?: string }>).map(([name, { Default }]) => {
      const value = given[name] ?? Default
      if (value === undefined) throw new Error(`parameter ${name} has no value`)
      return [name, value]
    }),
  )
  const stack = { values, conditions: Conditions as JsonObject }
  const kept = Object.entries(Resources as Evaluated['Resources']).flatMap(([id, resource]) => {
    const { Condition, ...rest } = resource
    const isThere = Condition === undefined || resolve(stack.conditions[String(Condition)], stack) === true
    return isThere ? [[id, rest] as const] : []
  })
  return resolve({ Resources: Object.fromEntries(kept), Outputs }, stack) as Evaluated
}

const resolve = (value: Json, stack: Stack): Json => {
  if (Array.isArray(value))
    return value.map((item) => resolve(item, stack)).filter((item) => item !== NOTHING)
  if (typeof value !== 'object' || value === null) return value
  const [[name = '', argument] = []] = Object.entries(value)
  const run = Object.keys(value).length === 1 ? FUNCTIONS[name] : undefined
  if (run !== undefined) return run(argument, stack)
  const members = Object.entries(value).map(([key, member]) => [key, resolve(member, stack)] as const)
  return Object.fromEntries(members.filter(([, member]) => member !== NOTHING))
}

const FUNCTIONS: Readonly<Record<string, (argument: Json, stack: Stack) => Json>> = {
  Ref: (name, { values }) => (name === 'AWS::NoValue' ? NOTHING : (values[String(name)] ?? { Ref: name })),
  'Fn::Sub': (argument, { values }) => {
    if (typeof argument !== 'string') throw new Error('Fn::Sub with variables of its own')
    const text = argument.replace(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
    return /\$\{[^!]/.test(text) ? { 'Fn::Sub': text } : text.replaceAll('${!', '${')
  },
  'Fn::If': (argument, stack) => {
    const [condition = '', then, otherwise] = argument as [string, Json, Json]
    return resolve(resolve(stack.conditions[condition], stack) === true ? then : otherwise, stack)
  },
  'Fn::Not': (argument, stack) => resolve((argument as Json[])[0], stack) !== true,
  'Fn::Equals': (argument, stack) => {
    const [left, right] = (argument as Json[]).map((item) => resolve(item, stack))
    return left === right
  },
  'Fn::Split': (argument, stack) => {
    const [by = '', text] = (argument as Json[]).map((item) => resolve(item, stack))
    return String(text).split(String(by))
  },
  'Fn::Join': (argument, stack) => {
    const [by, items] = resolve(argument, stack) as [string, Json[]]
    return items.every((item) => typeof item === 'string') ? items.join(by) : { 'Fn::Join': [by, items] }
  },
}
