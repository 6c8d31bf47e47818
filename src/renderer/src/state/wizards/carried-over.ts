import { isRecord } from '../shell.ts'

/** The fresh settings, with those of the user where they differ from what they began with. */
export function carriedOver<T>(before: T, now: T, fresh: T): T {
  if (JSON.stringify(before) === JSON.stringify(now)) return fresh
  if (!isRecord(before) || !isRecord(now) || !isRecord(fresh)) return now
  const keys = Object.keys(now)
  return Object.fromEntries(keys.map((key) => [key, carriedOver(before[key], now[key], fresh[key])])) as T
}
