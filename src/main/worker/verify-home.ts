import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../contract/error.ts'
import type { VerifiedItem, VerifyItem } from '../contract/housekeeping.ts'
import { checkContent, type ContentCheck } from '../data/content-check.ts'
import { fingerprintModel } from '../models/fingerprint.ts'
import { readManifest } from '../retrieval/manifest.ts'
import { verifyIndex } from '../retrieval/verify.ts'
import { checkRunFolder } from '../run-files/check.ts'
import { defineJob } from './job.ts'

/** Reads what the home holds from end to end and compares it with the hashes that were written down when it came to be. */
export const job = defineJob({
  kind: 'verify-home',
  async run({ input, report, signal }) {
    const items: VerifiedItem[] = []
    for (const [done, item] of input.items.entries()) {
      signal.throwIfAborted()
      report({ phase: `verifying ${item.kind}`, done, total: input.items.length, unit: 'things' })
      const { kind, id, name } = item
      items.push({ kind, id, name, ...(await check(item, signal)) })
    }
    return { items }
  }
})

async function check(
  item: VerifyItem,
  signal: AbortSignal
): Promise<ContentCheck | { state: 'missing'; problem: string }> {
  if (!existsSync(item.path)) return { state: 'missing', problem: `${item.path} is not there` }
  try {
    return await checks[item.kind](item, signal)
  } catch (thrown) {
    if (signal.aborted) throw thrown
    return { state: 'damaged', problem: messageOf(thrown) }
  }
}

type Check = (item: VerifyItem, signal: AbortSignal) => Promise<ContentCheck> | ContentCheck

const whole: ContentCheck = { state: 'whole', problem: null }
const damaged = (problem: string): ContentCheck => ({ state: 'damaged', problem })

const checks: Record<VerifyItem['kind'], Check> = {
  dataset: ({ path }) => checkContent(join(path, 'examples.db')),
  async model({ path, hash }, signal) {
    const found = await fingerprintModel(path, signal)
    return found === hash ? whole : damaged('its files are not those that were installed')
  },
  async index({ path }, signal) {
    const manifest = await readManifest(path)
    if (manifest === null) return damaged('its manifest is missing')
    const { badChunks, hnsw } = await verifyIndex(path, manifest, signal)
    if (badChunks.length > 0) return damaged(`${badChunks.length} parts of its vectors are not as they were written`)
    return hnsw === 'damaged' ? damaged('its graph is not as it was written') : whole
  },
  async run({ path }) {
    await checkRunFolder(path)
    return whole
  }
}
