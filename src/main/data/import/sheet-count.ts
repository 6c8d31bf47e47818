/**
 * Counts the rows of a workbook's sheet in its XML, without parsing it: tags that are called `row`, but for those in comments and plain
 * sections, are looked for.
 */
export class SheetCount {
  #rows = 0
  #rest = ''

  push(chunk: Buffer): void {
    // Names of tags are ASCII, whatever else there is.
    const text = this.#rest + chunk.toString('latin1')
    const section = /<!--|<!\[CDATA\[|<(?:[\w.-]+:)?row(?=[\s/>])/g
    let from = 0
    for (let found = section.exec(text); found !== null; found = section.exec(text)) {
      from = section.lastIndex
      if (found[0].endsWith('row')) {
        this.#rows++
        continue
      }
      const end = text.indexOf(found[0] === '<!--' ? '-->' : ']]>', from)
      if (end < 0) {
        // It goes on in the next piece, where it is looked at again.
        this.#rest = text.slice(found.index)
        return
      }
      section.lastIndex = from = end + 3
    }
    const last = text.lastIndexOf('<')
    this.#rest = last >= from ? text.slice(last) : ''
  }

  records(): number {
    return this.#rows
  }
}
