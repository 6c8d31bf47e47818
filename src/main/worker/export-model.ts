import { join } from 'node:path'
import { LabError } from '../contract/error.ts'
import { exportAdapter, exportMerged } from '../engine/export-tuned.ts'
import { writeWhole } from '../files/durable.ts'
import { hashOf, hashedFiles } from '../files/hashed-files.ts'
import { RunFolder } from '../run-files/run-folder.ts'
import { whatWasTuned } from './answering.ts'
import { defineJob } from './job.ts'
import { modelCard } from './model-card.ts'

/** A run's tuned model as files that other programs, and this lab as a model, can load; with a model card. */
export const job = defineJob({
  kind: 'export-model',
  async run({ input: { run, format }, folder, home, report, log, signal }) {
    report({ phase: 'merging', done: 0, total: 3, unit: 'steps' })
    const files = new RunFolder(run.folder)
    const { asked, tuned, patch: patchName } = await whatWasTuned(files, run.runId, home)
    const base = tuned.base === null ? run.base.folder : files.file(tuned.base)
    const patch = files.file(patchName)
    if (format === 'peft' && tuned.base !== null)
      throw new LabError(
        'no-adapter',
        'The model was tuned in two stages, and the adapter of the second belongs to the result of the first, not to the base model. Export the whole model: --format hf'
      )
    const model = { folder: base, patch }
    const about =
      format === 'hf'
        ? await exportMerged(model, folder)
        : await exportAdapter(model, folder, nameOnHub(run.base.source) ?? run.base.name)
    signal.throwIfAborted()
    report({ phase: 'model card', done: 1, total: 3, unit: 'steps' })
    const patchHash = (await hashOf(patch)).sha256
    const card = modelCard({
      run,
      asked,
      format,
      parameters: about.parameters,
      fingerprint: about.fingerprint,
      patchHash,
      hub: nameOnHub(run.base.source)
    })
    await writeWhole(join(folder, 'README.md'), card)
    report({ phase: 'hashes', done: 2, total: 3, unit: 'steps' })
    const written = await hashedFiles(folder)
    report({ phase: 'hashes', done: 3, total: 3, unit: 'steps' })
    log(`Wrote ${written.map(({ path }) => path).join(', ')} to ${folder}.`)
    return { files: written, prefix: asked.model.prefix }
  }
})

/** The name of a repository on the hub, where a model's source says that it came from there. */
function nameOnHub(source: string): string | null {
  return /^hub:([\w.-]+(?:\/[\w.-]+)?)(?: |$)/.exec(source)?.[1] ?? null
}
