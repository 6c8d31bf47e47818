import { isUtf8 } from 'node:buffer'
import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet'

/**
 * What the cells of Parquet files say, as texts that lose nothing: decimals with all their digits, times in their unit, floats as Python
 * writes them. hyparquet would make doubles of decimals and milliseconds of all times, so it is told nothing of such types and gives numbers and bytes.
 */
export type Cell = (value: unknown) => unknown

/** The metadata with those types hidden that `cellOf` reads itself. */
export function withoutTimesAndDecimals(metadata: FileMetaData): FileMetaData {
  return { ...metadata, schema: metadata.schema.map(hidden) }
}

function hidden(element: SchemaElement): SchemaElement {
  // Some writers give the newer name of a type only.
  if (isKind(element, 'LIST') || isKind(element, 'MAP'))
    return { ...element, converted_type: isKind(element, 'LIST') ? 'LIST' : 'MAP' }
  if (ownCell(element) === null) return element
  const { converted_type: _, logical_type: __, ...rest } = element
  return rest
}

function isKind({ converted_type, logical_type }: SchemaElement, kind: 'LIST' | 'MAP' | 'DECIMAL' | 'DATE'): boolean {
  return converted_type === kind || logical_type?.type === kind
}

/** How the values of a column become cells; null where they are cells already. */
export function cellOf(node: SchemaTree): Cell | null {
  const one = cellOfOne(node)
  if (node.element.repetition_type !== 'REPEATED') return one
  return one && ((value) => (Array.isArray(value) ? value.map(one) : value))
}

function cellOfOne({ element, children }: SchemaTree): Cell | null {
  if (children.length === 0) return present(ownCell(element))
  const [first] = children
  if (isKind(element, 'LIST') && children.length === 1 && first!.children.length <= 1) {
    const item = first!.children.length === 1 ? cellOf(first!.children[0]!) : cellOfOne(first!)
    return item && ((value) => (Array.isArray(value) ? value.map(item) : value))
  }
  if (isKind(element, 'MAP') && children.length === 1 && first!.children.length === 2) {
    const item = cellOf(first!.children[1]!)
    return item && ((value) => (isRecord(value) ? mapped(value, () => item) : value))
  }
  const members = new Map(children.map((child) => [child.element.name, cellOf(child)]))
  return (value) => {
    if (!isRecord(value)) return value ?? null
    return Object.fromEntries(
      [...members].map(([name, cell]) => [name, (cell ? cell(value[name]) : value[name]) ?? null])
    )
  }
}

function mapped(value: Record<string, unknown>, cell: () => Cell): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cell()(inner)]))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}

function present(cell: Cell | null): Cell | null {
  return cell && ((value) => (value === null || value === undefined ? null : cell(value)))
}

/** Digits of a second's fractions, by the unit of a type. */
const digitsOf = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const

function ownCell(element: SchemaElement): Cell | null {
  const { type, converted_type: converted, logical_type: logical, scale = 0 } = element
  if (type === 'FLOAT' || type === 'DOUBLE') return floatText
  if (logical?.type === 'FLOAT16') return (value) => (value instanceof Uint8Array ? floatText(half(value)) : value)
  if (isKind(element, 'DECIMAL')) return (value) => decimalText(whole(value), scale)
  if (isKind(element, 'DATE')) return (value) => dateText(Number(value))
  if (logical?.type === 'TIMESTAMP')
    return (value) => momentText(whole(value), digitsOf[logical.unit], logical.isAdjustedToUTC)
  if (converted === 'TIMESTAMP_MILLIS') return (value) => momentText(whole(value), 3, true)
  if (converted === 'TIMESTAMP_MICROS') return (value) => momentText(whole(value), 6, true)
  if (logical?.type === 'TIME') return (value) => timeText(whole(value), digitsOf[logical.unit])
  if (converted === 'TIME_MILLIS') return (value) => timeText(whole(value), 3)
  if (converted === 'TIME_MICROS') return (value) => timeText(whole(value), 6)
  if (converted === undefined && logical === undefined && type?.endsWith('BYTE_ARRAY')) return bytesText
  return null
}

/** A whole number, which decimals of many digits have as bytes, the highest first. */
function whole(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value as number | bigint)
  let number = 0n
  for (const byte of value) number = number * 256n + BigInt(byte)
  return BigInt.asIntN(Math.max(1, value.length) * 8, number)
}

function decimalText(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  const split = digits.length - scale
  return `${units < 0n ? '-' : ''}${digits.slice(0, split)}${scale > 0 ? `.${digits.slice(split)}` : ''}`
}

const day = 86_400n

/** Days since 1970 as 2024-03-01. */
function dateText(days: number): string {
  const date = new Date(days * 86_400_000)
  if (Number.isNaN(date.getTime())) return `day ${days} since 1970`
  const text = date.toISOString()
  return text.slice(0, text.indexOf('T'))
}

function timeText(units: bigint, digits: number): string {
  const unit = 10n ** BigInt(digits)
  const seconds = units / unit
  const two = (number: bigint): string => String(number).padStart(2, '0')
  const text = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`
  const fraction = String(units % unit)
    .padStart(digits, '0')
    .replace(/0+$/, '')
  return fraction === '' ? text : `${text}.${fraction}`
}

/** Units since 1970 as 2024-03-01 14:30:00.5, with a Z where it is a moment everywhere. */
export function momentText(units: bigint, digits: number, universal: boolean): string {
  const perDay = day * 10n ** BigInt(digits)
  const rest = ((units % perDay) + perDay) % perDay
  return `${dateText(Number((units - rest) / perDay))} ${timeText(rest, digits)}${universal ? 'Z' : ''}`
}

/** A float's text as Python writes it: 5.0, 1e-05; null for NaN. */
function floatText(value: unknown): unknown {
  if (typeof value !== 'number') return value
  if (Number.isNaN(value)) return null
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  return Number.isInteger(value) ? `${Object.is(value, -0) ? '-0' : value}.0` : String(value)
}

/** A number of 16 bits. */
function half(bytes: Uint8Array): number {
  const bits = bytes[0]! | (bytes[1]! << 8)
  const sign = bits >> 15 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity
  return exponent === 0 ? sign * 2 ** -24 * fraction : sign * 2 ** (exponent - 15) * (1 + fraction / 1024)
}

/** Bytes that are text; others, such as pictures, stay bytes, which no column of texts takes. */
function bytesText(value: unknown): unknown {
  return value instanceof Uint8Array && isUtf8(value) ? Buffer.from(value).toString('utf8') : value
}
