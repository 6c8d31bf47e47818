import { os } from './base.ts'
import { catalogRoutes } from './catalog.ts'
import { compareRoutes } from './compare.ts'
import { dataRoutes } from './data.ts'
import { experimentRoutes } from './experiments.ts'
import { indexRoutes } from './indices.ts'
import { jobRoutes } from './jobs.ts'
import { labRoutes } from './lab.ts'
import { modelRoutes } from './models.ts'
import { placeRoutes } from './places.ts'
import { rerankingRoutes } from './reranking.ts'
import type { Services } from '../features/services.ts'
import { BinFolder } from '../features/things/bin.ts'
import { studyRoutes } from './studies.ts'
import { thingRoutes } from './things.ts'
import { targetRoutes } from './targets.ts'

export { Housekeeper } from '../features/lab/housekeeper.ts'
export { sendErrors } from './base.ts'
export type { Services, TokenStore } from '../features/services.ts'

/** Every route of the contract with its handler: one that is missing does not compile. */
export function createRouter(services: Services) {
  const bin = new BinFolder(services)
  // A lab that closes takes no calls any more, and waits for those that it has taken.
  return os
    .use(({ next }) => services.underway.run(async () => next()))
    .router({
      lab: labRoutes(services),
      jobs: jobRoutes(services),
      places: placeRoutes(services),
      data: dataRoutes(services),
      targets: targetRoutes(services),
      models: modelRoutes(services),
      catalog: catalogRoutes(services),
      indices: indexRoutes(services),
      reranking: rerankingRoutes(services),
      // Last: an experiment goes on when the results it waits for have been taken in.
      experiments: experimentRoutes(services),
      studies: studyRoutes(services),
      compare: compareRoutes(services),
      things: thingRoutes(services, bin)
    })
}
export type Router = ReturnType<typeof createRouter>
