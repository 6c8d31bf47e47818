import type { ImportFormat } from '../../../../main/contract/import.ts'
import type { InEvery } from './in-language.ts'

/** What the formats of data are called. */
export const formatNames: Readonly<Record<ImportFormat, InEvery<string>>> = {
  'line-array': { en: 'ReCross lines (JSON array)', de: 'ReCross-Zeilen (JSON-Listen)' },
  'recross-jsonl': { en: 'ReCross JSON lines', de: 'ReCross-JSON-Zeilen' },
  'natural-instructions': { en: 'Natural Instructions task', de: 'Aufgabe aus Natural Instructions' },
  json: { en: 'JSON', de: 'JSON' },
  jsonl: { en: 'JSON lines', de: 'JSON-Zeilen' },
  csv: { en: 'Table (CSV)', de: 'Tabelle (CSV)' },
  tsv: { en: 'Table (tabs, TSV)', de: 'Tabelle (Tabulatoren, TSV)' },
  xlsx: { en: 'Excel workbook', de: 'Excel-Mappe' },
  text: { en: 'Plain text, a question a line', de: 'Reiner Text, eine Frage je Zeile' },
  parquet: { en: 'Parquet table', de: 'Parquet-Tabelle' },
  lab: { en: 'Data set of another lab', de: 'Datensatz eines anderen Labors' }
}
