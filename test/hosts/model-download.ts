import { jobSchemas, type JobInput } from '../../src/main/contract/jobs.ts'
import type { HubServer } from '../data/hub-server.ts'

/** Files of a model as a hub of the test has it. */
export function modelDownload(hub: HubServer, files: string[]): JobInput<'download'> {
  const source = {
    ...{ type: 'hub', repo: 'some/model', repoType: 'model', revision: 'main' },
    ...{ files, configs: [], splits: [] }
  }
  const more = { mirror: hub.address, proxy: null, token: null }
  return jobSchemas.download.input.parse({ catalogId: null, kind: 'model', name: 'x', source, ...more })
}
