import { studyJsonSchema } from '../contract/study.ts'
import type { Services } from '../features/services.ts'
import { exportStudyFile, importStudyFile, readStudy, writeStudy } from '../features/studies/files.ts'
import { os } from './base.ts'

/** Studies as files: written from experiments, read into experiments. */
export function studyRoutes(services: Services) {
  return {
    schema: os.studies.schema.handler(() => ({ schema: studyJsonSchema() })),
    write: os.studies.write.handler(({ input }) => writeStudy(services, input)),
    read: os.studies.read.handler(({ input }) => readStudy(services, input)),
    export: os.studies.export.handler(({ input }) => exportStudyFile(services, input)),
    import: os.studies.import.handler(({ input }) => importStudyFile(services, input.path))
  }
}
