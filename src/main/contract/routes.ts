import { catalogRoutes } from './routes/catalog.ts'
import { compareRoutes } from './routes/compare.ts'
import { dataRoutes } from './routes/data.ts'
import { experimentRoutes } from './routes/experiments.ts'
import { indexRoutes } from './routes/indices.ts'
import { jobRoutes } from './routes/jobs.ts'
import { labRoutes } from './routes/lab.ts'
import { modelRoutes } from './routes/models.ts'
import { placeRoutes } from './routes/places.ts'
import { rerankingRoutes } from './routes/reranking.ts'
import { studyRoutes } from './routes/studies.ts'
import { targetRoutes } from './routes/targets.ts'
import { thingRoutes } from './routes/things.ts'

/**
 * The one route map between backend and clients: every input and output is plain data with a runtime schema. Served over
 * Electron's MessagePort and over WebSocket alike.
 */
export const contract = {
  lab: labRoutes,
  jobs: jobRoutes,
  places: placeRoutes,
  data: dataRoutes,
  targets: targetRoutes,
  models: modelRoutes,
  catalog: catalogRoutes,
  indices: indexRoutes,
  reranking: rerankingRoutes,
  experiments: experimentRoutes,
  studies: studyRoutes,
  compare: compareRoutes,
  things: thingRoutes
}
export type Contract = typeof contract
