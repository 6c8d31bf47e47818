import { studyJsonSchema } from '../contract/study.ts'
import type { Services } from '../features/services.ts'
import { exportStudyFile, packedBy, sizesOf } from '../features/studies/export-study.ts'
import { keepStudies } from '../features/studies/keep.ts'
import { readStudy, writeStudy } from '../features/studies/files.ts'
import { importedBy, importStudyFile, lookAtStudy } from '../features/studies/import-study.ts'
import { os } from './base.ts'

/** Studies as files: written from experiments, read into experiments. */
export function studyRoutes(services: Services) {
  keepStudies(services)
  return os.studies.router({
    schema: os.studies.schema.handler(() => ({ schema: studyJsonSchema() })),
    write: os.studies.write.handler(({ input }) => writeStudy(services, input)),
    read: os.studies.read.handler(({ input }) => readStudy(services, input)),
    export: os.studies.export.handler(({ input }) => exportStudyFile(services, input)),
    packed: os.studies.packed.handler(({ input }) => packedBy(services, input.jobId)),
    sizes: os.studies.sizes.handler(({ input }) => sizesOf(services, input)),
    look: os.studies.look.handler(({ input }) => lookAtStudy(services, input.path)),
    import: os.studies.import.handler(({ input }) => importStudyFile(services, input.path)),
    imported: os.studies.imported.handler(({ input }) => importedBy(services, input.jobId))
  })
}
