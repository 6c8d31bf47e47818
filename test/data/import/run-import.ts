import { gzipSync, zstdCompressSync } from 'node:zlib'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Example } from '../../../src/main/contract/data.ts'
import type { JobInput, JobOutput } from '../../../src/main/contract/jobs.ts'
import { openDataset } from '../../../src/main/data/dataset.ts'
import { importDataset } from '../../../src/main/data/import/import-dataset.ts'

/** A folder that goes with the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'import-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface Imported {
  output: JobOutput<'import-dataset'>
  examples: Example[]
  rejected: { line: number; field: string; expected: string; text: string }[]
  folder: string
}

/** Writes the files (name → content) and imports them as the job does. */
export async function importFiles(
  files: Record<string, string | Buffer>,
  options: Partial<JobInput<'import-dataset'>> = {}
): Promise<Imported> {
  const folder = newFolder()
  const paths = Object.entries(files).map(([name, content]) => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  })
  return importPaths(paths, options, folder)
}

export async function importPaths(
  paths: string[],
  options: Partial<JobInput<'import-dataset'>> = {},
  folder = newFolder()
): Promise<Imported> {
  const input = {
    datasetId: 'd',
    name: 'test',
    kind: 'upstream' as const,
    files: paths,
    format: null,
    root: null,
    reading: {},
    mapping: null,
    labels: {},
    groupsFile: null,
    querySetsFile: null,
    sampleQueries: null,
    skipLimit: 0,
    licence: 'MIT',
    source: 'test',
    ...options
  }
  const output = await importDataset(input, folder, {
    report: () => undefined,
    log: () => undefined,
    paused: async () => undefined
  })
  const dataset = openDataset(join(folder, 'examples.db'))
  try {
    return { output, examples: [...dataset.iterate()], rejected: dataset.rejected(), folder }
  } finally {
    dataset.close()
  }
}

export const packings: Record<string, (text: string | Buffer) => Buffer> = {
  plain: (text) => Buffer.from(text),
  gzip: (text) => gzipSync(text),
  zstd: (text) => zstdCompressSync(text)
}
