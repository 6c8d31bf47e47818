import { ask } from '../features/datasets/ask.ts'
import { importFiles, previewImport } from '../features/datasets/import.ts'
import { installDemo } from '../features/datasets/install-demo.ts'
import { keepDatasets } from '../features/datasets/keep.ts'
import { takeUpload } from '../features/datasets/uploads.ts'
import type { Services } from '../features/services.ts'
import { os } from './base.ts'

export function dataRoutes(services: Services) {
  const { store } = services
  keepDatasets(services)
  return os.data.router({
    list: os.data.list.handler(() => store.datasets.list()),
    get: os.data.get.handler(({ input }) => store.datasets.get(input.id)),
    tasks: os.data.tasks.handler(async ({ input }) => (await ask(services, input.id, { what: 'tasks' })).tasks),
    lengths: os.data.lengths.handler(
      async ({ input: { id, ...rest } }) => (await ask(services, id, { what: 'lengths', ...rest })).histogram
    ),
    search: os.data.search.handler(({ input: { id, ...rest } }) => ask(services, id, { what: 'search', ...rest })),
    example: os.data.example.handler(
      async ({ input }) => (await ask(services, input.id, { what: 'example', id: input.exampleId })).example
    ),
    rejected: os.data.rejected.handler(
      async ({ input }) => (await ask(services, input.id, { what: 'rejected' })).rejected
    ),
    preview: os.data.preview.handler(({ input, signal }) => previewImport(services, input, signal)),
    import: os.data.import.handler(({ input }) => importFiles(services, input)),
    upload: os.data.upload.handler(({ input }) => takeUpload(services, input)),
    installDemo: os.data.installDemo.handler(() => installDemo(services))
  })
}
