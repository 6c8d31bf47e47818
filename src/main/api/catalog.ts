import { readCatalog } from '../features/catalog/catalog-file.ts'
import { download, keepDownloads } from '../features/catalog/download.ts'
import { lookAtHub, lookAtHubModel } from '../features/catalog/hub.ts'
import type { Services } from '../features/services.ts'
import { os } from './base.ts'

export function catalogRoutes(services: Services) {
  keepDownloads(services)
  return os.catalog.router({
    list: os.catalog.list.handler(() => readCatalog(services)),
    look: os.catalog.look.handler(({ input, signal }) => lookAtHub(services, input, signal)),
    lookAtModel: os.catalog.lookAtModel.handler(({ input, signal }) => lookAtHubModel(services, input, signal)),
    download: os.catalog.download.handler(({ input }) => download(services, input))
  })
}
