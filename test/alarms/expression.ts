/** Of CloudWatch's metric math as much as the alarms use, worked out for one period: numbers, ids, `+ * / >=`, FILL with a number, and IF. */

/** Undefined where a value that is needed is missing, as CloudWatch has no point then. */
export const worked = (
  expression: string,
  values: ReadonlyMap<string, number | undefined>,
): number | undefined => {
  const tokens = expression.match(/\d+(\.\d+)?|\w+|>=|[()+*/,]/g) ?? []
  if (tokens.join('') !== expression.replaceAll(' ', '')) throw new Error(`not understood: ${expression}`)
  const expect = (token: string): void => {
    if (tokens.shift() !== token) throw new Error(`expected ${token} in ${expression}`)
  }
  const argumentsOf = (count: number): readonly (number | undefined)[] => {
    expect('(')
    const found = Array.from({ length: count }, (_, index) => {
      if (index > 0) expect(',')
      return compared()
    })
    expect(')')
    return found
  }
  const term = (): number | undefined => {
    const token = tokens.shift() ?? ''
    if (/^\d/.test(token)) return Number(token)
    if (token === '(') {
      const inner = compared()
      expect(')')
      return inner
    }
    if (token === 'FILL') {
      const [value, instead] = argumentsOf(2)
      return value ?? instead
    }
    if (token === 'IF') {
      const [condition, then, otherwise] = argumentsOf(3)
      return condition === undefined ? undefined : condition === 0 ? otherwise : then
    }
    if (!values.has(token)) throw new Error(`no value ${token}`)
    return values.get(token)
  }
  const chained = (
    operand: () => number | undefined,
    operators: Readonly<Record<string, (a: number, b: number) => number>>,
  ) => {
    let left = operand()
    for (let apply = operators[tokens[0] ?? '']; apply; apply = operators[tokens[0] ?? '']) {
      tokens.shift()
      const right = operand()
      left = left === undefined || right === undefined ? undefined : apply(left, right)
    }
    return left
  }
  const product = () => chained(term, { '*': (a, b) => a * b, '/': (a, b) => a / b })
  const sum = () => chained(product, { '+': (a, b) => a + b })
  const compared = (): number | undefined => chained(sum, { '>=': (a, b) => (a >= b ? 1 : 0) })
  const result = compared()
  if (tokens.length > 0) throw new Error(`not understood: ${tokens[0]} in ${expression}`)
  return result
}
