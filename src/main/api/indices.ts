import { neighbours, quality, retrieve, embeddingMap } from '../features/indices/ask.ts'
import { buildIndex } from '../features/indices/build.ts'
import { estimateBuild } from '../features/indices/estimate.ts'
import { keepIndices } from '../features/indices/keep.ts'
import { fetchShared, listShared, publishIndex, removeShared, searchShared } from '../features/indices/shared.ts'
import { checkedAddress } from '../contract/shared-indices.ts'
import type { Services } from '../features/services.ts'
import { os } from './base.ts'

export function indexRoutes(services: Services) {
  const { store } = services
  keepIndices(services)
  return os.indices.router({
    list: os.indices.list.handler(() => store.indices.list()),
    get: os.indices.get.handler(({ input }) => store.indices.get(input.id)),
    estimate: os.indices.estimate.handler(({ input, signal }) => estimateBuild(services, input, signal)),
    build: os.indices.build.handler(({ input: { place, ...asked } }) => buildIndex(services, asked, { place }).first),
    shared: os.indices.shared.handler(({ input, signal }) =>
      listShared(services, checkedAddress(input.server), signal)
    ),
    publish: os.indices.publish.handler(({ input }) =>
      publishIndex(services, { ...input, server: checkedAddress(input.server) })
    ),
    fetchShared: os.indices.fetchShared.handler(({ input }) =>
      fetchShared(services, checkedAddress(input.server), input.fingerprint)
    ),
    removeShared: os.indices.removeShared.handler(({ input }) =>
      removeShared(services, checkedAddress(input.server), input.fingerprint)
    ),
    searchShared: os.indices.searchShared.handler(({ input, signal }) =>
      searchShared(services, { ...input, server: checkedAddress(input.server) }, signal)
    ),
    neighbours: os.indices.neighbours.handler(({ input, signal }) => neighbours(services, input, signal)),
    retrieve: os.indices.retrieve.handler(({ input, signal }) => retrieve(services, input, signal)),
    quality: os.indices.quality.handler(({ input, signal }) => quality(services, input, signal)),
    map: os.indices.map.handler(({ input, signal }) => embeddingMap(services, input, signal))
  })
}
