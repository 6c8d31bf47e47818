import { join } from 'node:path'
import { LabError } from '../contract/error.ts'
import { exportOnnx } from '../engine/export-onnx.ts'
import { exportAdapter, exportMerged } from '../engine/export-tuned.ts'
import { writeWhole } from '../files/durable.ts'
import { hashOf, hashedFiles } from '../files/hashed-files.ts'
import { RunFolder } from '../run-files/run-folder.ts'
import { whatWasTuned } from './answering.ts'
import { defineJob } from './job.ts'
import { modelCard } from './model-card.ts'
import { writeScripts } from './onnx-scripts.ts'

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
    const { evaluation, model: askedModel } = asked
    const scripted = format === 'onnx' ? await exportOnnx(model, folder, evaluation.maxOutputTokens) : null
    if (scripted)
      await writeScripts(folder, scripted.answers, {
        prefix: askedModel.prefix,
        maxInputTokens: evaluation.maxInputTokens,
        longest: evaluation.maxOutputTokens
      })
    const about =
      scripted?.info ??
      (format === 'peft'
        ? await exportAdapter(model, folder, nameOnHub(run.base.source) ?? run.base.name)
        : await exportMerged(model, folder))
    signal.throwIfAborted()
    report({ phase: 'hashes', done: 1, total: 3, unit: 'steps' })
    const parts = await hashedFiles(folder)
    const patchHash = (await hashOf(patch)).sha256
    report({ phase: 'model card', done: 2, total: 3, unit: 'steps' })
    const card = modelCard({
      run,
      asked,
      format,
      parameters: about.parameters,
      fingerprint: about.fingerprint,
      patchHash,
      hub: nameOnHub(run.base.source),
      files: parts,
      besides: scripted?.answers.besides ?? []
    })
    const cardFile = join(folder, 'README.md')
    await writeWhole(cardFile, card)
    const written = [{ path: 'README.md', ...(await hashOf(cardFile)) }, ...parts]
    report({ phase: 'model card', done: 3, total: 3, unit: 'steps' })
    log(`Wrote ${written.map(({ path }) => path).join(', ')} to ${folder}.`)
    return { files: written, prefix: asked.model.prefix }
  }
})

/** The name of a repository on the hub, where a model's source says that it came from there. */
function nameOnHub(source: string): string | null {
  return /^hub:([\w.-]+(?:\/[\w.-]+)?)(?: |$)/.exec(source)?.[1] ?? null
}
