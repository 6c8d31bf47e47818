import { join } from 'node:path'
import { checkRoom } from '../data/import/room.ts'
import { writeWhole } from '../files/durable.ts'
import { unpackedName } from '../study-files/study-records.ts'
import { lookIntoStudy, unpackStudy } from '../study-files/unpack-study.ts'
import { defineJob } from './job.ts'

/** Unpacks a study or a bundle into the job's folder and checks every file of it; the lab takes it in from there. */
export const job = defineJob({
  kind: 'import-study',
  async run({ input: { path, folders }, folder, home, report, signal, paused }) {
    const { files } = await lookIntoStudy(path)
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
    let done = 0
    let looked = 0
    const records = await unpackStudy(path, {
      folders: new Set(folders),
      to: folder,
      each: async (bytes) => {
        signal.throwIfAborted()
        await paused()
        done += bytes
        if (done - looked > 32 << 20 || looked === 0) {
          looked = done
          checkRoom(home)
        }
        report({ phase: 'checking', done, total, unit: 'bytes' })
      }
    })
    await writeWhole(join(folder, unpackedName), JSON.stringify(records))
    return { files: records.files.length }
  }
})
