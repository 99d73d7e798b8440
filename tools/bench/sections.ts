/** Sections of a Markdown document that a program writes: between `<!-- name -->` and `<!-- /name -->`. */

/** The document with what stands between the marks replaced. Throws for a section that it does not have. */
export const withSections = (document: string, sections: Readonly<Record<string, string>>): string =>
  Object.entries(sections).reduce((text, [name, content]) => {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
    const [from, to] = [text.indexOf(begin), text.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`the document has no section ${name}`)
    return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`
  }, document)
