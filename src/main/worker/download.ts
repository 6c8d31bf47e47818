import { download } from '../data/download/download.ts'
import type { RemoteFile } from '../data/download/remote-file.ts'
import { defineJob } from './job.ts'
import { lookAtRemoteModel } from './remote-model.ts'

/** Fetches files into the job's folder; a resumed job finds there what has arrived. */
export const job = defineJob({
  kind: 'download',
  run: ({ input, folder, report, log, paused, signal }) =>
    download(input, folder, {
      report,
      log,
      paused,
      signal,
      lookAtModel: (at, weights) => lookAtModel(at, weights, log)
    })
})

/** The look before the weights come, into the job's log; throws where the lab cannot run the model. */
export async function lookAtModel(
  folder: string,
  weights: readonly RemoteFile[],
  log: (text: string, level?: 'info' | 'warn') => void
): Promise<void> {
  const { role, notes, tensors, unseen } = await lookAtRemoteModel(folder, weights)
  for (const note of notes) log(note, 'warn')
  if (tensors === null) log(`${unseen.join(', ')}: what is in it shows when it has come.`)
  else log(`The lab can run it (${role}, ${tensors} tensors).`)
}
