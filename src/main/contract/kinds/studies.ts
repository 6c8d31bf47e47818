import { z } from 'zod'
import { packedStudySchema } from '../study-zip.ts'
import { jobKind, nothing } from './kind.ts'

/** Packs a study or a bundle into one zip; packing.json in the job's folder says what is in it. */
export const exportStudy = jobKind({
  input: z.object({
    /** Absolute path of the zip. */
    path: z.string(),
    /** What was asked for and is not here any more, in words. */
    missing: z.array(z.string())
  }),
  output: packedStudySchema,
  policy: { resource: 'io', resumes: true, retries: 0, elsewhere: false, stepSeconds: 600 },
  uses: nothing
})

/** Unpacks the named folders of a study's zip into the job's folder, and checks all of it. */
export const importStudy = jobKind({
  input: z.object({
    /** Absolute path of the zip. */
    path: z.string(),
    /** Folders of the zip that are unpacked. */
    folders: z.array(z.string())
  }),
  output: z.object({
    /** How many files were unpacked. */
    files: z.int()
  }),
  policy: { resource: 'io', resumes: false, retries: 0, elsewhere: false, stepSeconds: 600 },
  uses: nothing
})
