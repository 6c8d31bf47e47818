import { SaxesParser, type SaxesTagPlain } from 'saxes'
import type { Entry, ZipFile } from 'yauzl'
import { LabError, messageOf } from '../../contract/error.ts'
import type { DataFile } from './data-file.ts'
import { entryContent } from './zip-file.ts'

/** Where a part of a workbook is read from. */
export interface Part {
  zip: ZipFile
  entries: ReadonlyMap<string, Entry>
  file: DataFile
}

/** Collects the texts of `<t>` elements, but not those that only help to read characters aloud. */
export class TextCollector {
  #text = ''
  #inText = false
  #aloud = false

  open(name: string): void {
    if (name === 'rPh') this.#aloud = true
    if (name === 't' && !this.#aloud) this.#inText = true
  }

  text(text: string): void {
    if (this.#inText) this.#text += text
  }

  close(name: string): void {
    if (name === 'rPh') this.#aloud = false
    if (name === 't') this.#inText = false
  }

  take(): string {
    const text = this.#text.replace(/_x([0-9A-F]{4})_/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16))
    )
    this.#text = ''
    return text
  }
}

export interface Handlers {
  open: (tag: SaxesTagPlain) => void
  text?: (text: string) => void
  close?: (tag: SaxesTagPlain) => void
}

export async function parse(part: Part, name: string, handlers: Handlers): Promise<void> {
  for await (const _ of parsing(part, name, handlers)) void _
}

/** Parses one part, yielding after each piece how many bytes it had; a part that is not there has nothing. */
export async function* parsing(
  { zip, entries, file }: Part,
  name: string,
  handlers: Handlers,
  watch?: (chunk: Buffer) => void
): AsyncGenerator<number> {
  const entry = entries.get(name)
  if (!entry) return
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false })
  let failure: Error | null = null
  parser.on('error', (error) => (failure ??= error))
  parser.on('opentag', handlers.open)
  if (handlers.text) parser.on('text', handlers.text)
  if (handlers.text) parser.on('cdata', handlers.text)
  if (handlers.close) parser.on('closetag', handlers.close)
  const decoder = new TextDecoder()
  for await (const chunk of entryContent(zip, entry, file)) {
    watch?.(chunk)
    parser.write(decoder.decode(chunk, { stream: true }))
    if (failure) throw damaged(file, failure)
    yield chunk.length
  }
  parser.write(decoder.decode())
  parser.close()
  if (failure) throw damaged(file, failure)
}

/** A name without its namespace. */
export function local(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

export function damaged(file: DataFile, thrown: unknown): LabError {
  return new LabError(
    'file-damaged',
    `The Excel file ${file.name} is damaged (${messageOf(thrown)}). Open it in Excel and save it again, or save it as CSV.`,
    { cause: thrown, details: { file: file.name } }
  )
}
