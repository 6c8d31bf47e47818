import { readFileSync } from 'node:fs'

/** What a small file of a job's folder holds; null where it is not there or not whole. */
export function readJson<T>(path: string): T | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch {
    return null
  }
}
