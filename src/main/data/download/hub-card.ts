import { parse } from 'yaml'
import { z } from 'zod'
import type { HubCard, Reading } from '../../contract/import.ts'
import { encodings, type Encoding } from '../../contract/import.ts'
import type { CardConfig } from './hub-parts.ts'
import { isObject } from '../import/column-path.ts'

/** What the card of a repository says, as far as the lab goes by it. */
export interface Card extends HubCard {
  configs: CardConfig[]
  /** By configuration: words for the label numbers of its columns. An empty name stands for every configuration. */
  labels: Record<string, LabelsOfColumns>
}

/** By column, by the number's text. */
export type LabelsOfColumns = Record<string, Record<string, string>>

const shownText = 2000
const headOf = /^\uFEFF?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)/s

/** Reads a README.md with its head in YAML. What is not understood of the head is left out; a card is never an error. */
export function readCard(text: string): Card {
  const head = headOf.exec(text)
  const meta = metaOf(head?.[1] ?? '')
  const body = text.slice(head?.[0].length ?? 0)
  return {
    licence: licenceNames(meta),
    title: firstText(meta['pretty_name']) ?? /^#[ \t]+(.+)$/m.exec(body)?.[1]?.trim() ?? null,
    languages: textsOf(meta['language'] ?? meta['languages']).slice(0, 20),
    text: plain(body).slice(0, shownText),
    configs: configsOf(meta['configs']),
    labels: labelsOf(meta['dataset_info'])
  }
}

/** The licence that a card names; null where it names none. */
export function licenceOf(text: string): string | null {
  return readCard(text).licence
}

function metaOf(head: string): Record<string, unknown> {
  try {
    const value: unknown = parse(head, { maxAliasCount: 100, schema: 'core', uniqueKeys: false, logLevel: 'silent' })
    return isObject(value) ? value : {}
  } catch {
    // Heads with tabs or stray colons still name a licence on a line of its own.
    const licence = /^licen[sc]e:[ \t]*(\S[^\r\n]*)$/m.exec(head)?.[1]
    return licence === undefined ? {} : { license: licence.trim().replace(/^["']|["']$/g, '') }
  }
}

function licenceNames(meta: Record<string, unknown>): string | null {
  const names = textsOf(meta['license'] ?? meta['licence'] ?? meta['licenses'])
  // "other" is named beside it.
  const own = firstText(meta['license_name'])
  const shown = names.map((name) => (name === 'other' && own !== null ? own : name))
  return shown.length > 0 ? shown.join(', ') : null
}

const patternsSchema = z.union([z.string(), z.array(z.string())])
const filesSchema = z.union([
  patternsSchema.transform((path) => [{ split: 'train', path }]),
  z.array(z.object({ split: z.coerce.string(), path: patternsSchema })),
  z.record(z.string(), patternsSchema).transform((all) => Object.entries(all).map(([split, path]) => ({ split, path })))
])
const configSchema = z.object({
  config_name: z.coerce.string().default('default'),
  default: z.boolean().default(false),
  data_files: filesSchema.nullish(),
  data_dir: z.string().nullish(),
  sep: z.string().nullish(),
  delimiter: z.string().nullish(),
  quotechar: z.string().nullish(),
  quoting: z.number().nullish(),
  encoding: z.string().nullish(),
  header: z.unknown().optional(),
  field: z.string().nullish()
})

/** The `configs:` of a dataset's card: configurations with patterns of files by split, and how their files are read. */
function configsOf(value: unknown): CardConfig[] {
  if (!Array.isArray(value)) return []
  const configs = value.flatMap((entry) => {
    const { data: config } = configSchema.safeParse(entry)
    if (!config) return []
    const folder = (config.data_dir ?? '').replace(/^\.?\/+|\/+$/g, '')
    const inFolder = (path: string): string =>
      [folder, path.replace(/^\.\//, '')].filter((part) => part !== '').join('/')
    return [
      {
        name: config.config_name,
        isDefault: config.default,
        folder,
        files:
          config.data_files?.map(({ split, path }) => ({
            split,
            patterns: (typeof path === 'string' ? [path] : path).map(inFolder)
          })) ?? null,
        reading: readingOf(config)
      }
    ]
  })
  return configs.sort((a, b) => Number(b.isDefault) - Number(a.isDefault))
}

/** Python's names beside those of the web. */
const otherNames: Readonly<Record<string, Encoding>> = {
  ...{
    latin1: 'latin-1',
    'iso-8859-1': 'latin-1',
    gbk: 'gb18030',
    gb2312: 'gb18030',
    cp932: 'shift_jis',
    'shift-jis': 'shift_jis'
  },
  ...{ cp949: 'euc-kr', 'mac-roman': 'macintosh' }
}

function encodingCalled(given: string | null | undefined): Encoding | undefined {
  const name =
    given
      ?.toLowerCase()
      .replaceAll('_', '-')
      .replace(/^cp(125\d)$/, 'windows-$1') ?? ''
  return Object.hasOwn(otherNames, name) ? otherNames[name] : encodings.find((known) => known === name)
}

function readingOf(config: z.infer<typeof configSchema>): Reading {
  const delimiter = config.sep ?? config.delimiter
  const encoding = encodingCalled(config.encoding)
  const { quotechar, quoting, header, field } = config
  return {
    ...(delimiter && /^[\t -~]$/.test(delimiter) ? { delimiter } : {}),
    // Python's csv.QUOTE_NONE is 3.
    ...(quoting === 3 ? { quote: '' as const } : quotechar === '"' || quotechar === "'" ? { quote: quotechar } : {}),
    ...(encoding ? { encoding } : {}),
    ...(header === null || header === false ? { header: false } : {}),
    ...(field ? { part: field } : {})
  }
}

const infoSchema = z.object({
  config_name: z.coerce.string().default(''),
  features: z.array(
    z.object({ name: z.coerce.string(), dtype: z.unknown().optional(), class_label: z.unknown().optional() }).loose()
  )
})

/** ClassLabel names of `dataset_info`, of one configuration or of a list of them. */
function labelsOf(value: unknown): Record<string, LabelsOfColumns> {
  const all: Record<string, LabelsOfColumns> = {}
  for (const entry of Array.isArray(value) ? value : [value]) {
    const { data: info } = infoSchema.safeParse(entry)
    if (!info) continue
    const columns: LabelsOfColumns = {}
    for (const { name, dtype, class_label } of info.features) {
      const names = namesOf(isObject(dtype) ? dtype['class_label'] : class_label)
      if (names) columns[name] = names
    }
    if (Object.keys(columns).length > 0) all[info.config_name] = columns
  }
  return all
}

function namesOf(value: unknown): Record<string, string> | null {
  const names: unknown = isObject(value) ? value['names'] : null
  const pairs: (readonly [string, unknown])[] = Array.isArray(names)
    ? names.map((name, n) => [String(n), name] as const)
    : isObject(names)
      ? Object.entries(names)
      : []
  const texts = pairs.map(([number, name]): [string, string] => [number, String(name)])
  return texts.length > 0 ? Object.fromEntries(texts) : null
}

/** Labels of some configurations together: where two disagree about a column, it keeps its numbers. */
export function labelsFor(card: Card | null, configs: readonly string[]): LabelsOfColumns {
  const own = Object.entries(card?.labels ?? {}).filter(
    ([name]) => name === '' || configs.length === 0 || configs.includes(name)
  )
  const columns = [...new Set(own.flatMap(([, labels]) => Object.keys(labels)))]
  return Object.fromEntries(
    columns.flatMap((column) => {
      const found = own.flatMap(([, labels]) => (labels[column] ? [labels[column]] : []))
      const same = found.every((words) => JSON.stringify(words) === JSON.stringify(found[0]))
      // A configuration without names for a column has no numbers there, or has them for itself.
      return same && found.length === own.length ? [[column, found[0]!] as const] : []
    })
  )
}

/** How the files of some configurations are read, where all say the same. */
export function readingFor(card: Card | null, configs: readonly string[]): Reading {
  const own = (card?.configs ?? []).filter(({ name }) => configs.length === 0 || configs.includes(name))
  const [first] = own
  return first && own.every(({ reading }) => JSON.stringify(reading) === JSON.stringify(first.reading))
    ? first.reading
    : {}
}

/** Prose without pictures, badges and comments. */
function plain(body: string): string {
  return body
    .replace(/<!--.*?-->/gs, '')
    .replace(/!?\[!\[[^\]]*\]\([^)]*\)\]\([^)]*\)/g, '')
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function firstText(value: unknown): string | null {
  return textsOf(value)[0] ?? null
}

function textsOf(value: unknown): string[] {
  const all = Array.isArray(value) ? value : [value]
  return all.flatMap((one) => (typeof one === 'string' && one.trim() !== '' ? [one.trim()] : []))
}
