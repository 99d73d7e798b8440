/** Of the packages that draw the charts, as much as is used: they are installed on demand, and no type check may need them. */

declare module 'vega-lite' {
  export const compile: (spec: object) => { readonly spec: object }
}

declare module 'vega' {
  export const parse: (spec: object) => object
  export class View {
    constructor(runtime: object, options: { readonly renderer: 'none' })
    toSVG(): Promise<string>
  }
}
