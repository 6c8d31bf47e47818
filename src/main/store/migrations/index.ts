import type { Migration } from '../migration.ts'
import { initial } from './0001-initial.ts'
import { jobCores } from './0002-job-cores.ts'
import { outcomesAndDrafts } from './0003-outcomes-and-drafts.ts'
import { portablePaths } from './0004-portable-paths.ts'
import { modelsByRole } from './0005-models-by-role.ts'
import { reranking } from './0006-reranking.ts'
import { plannedComparisons } from './0007-planned-comparisons.ts'
import { labelsAndBin } from './0008-labels-and-bin.ts'
import { places } from './0009-places.ts'
import { partsOfRuns } from './0010-parts-of-runs.ts'
import { retrievers } from './0011-retrievers.ts'
import { indexJobsNameTheirData } from './0012-index-jobs-name-their-data.ts'
import { hnswByItsName } from './0013-hnsw-by-its-name.ts'
import { foundRates } from './0014-found-rates.ts'
import { experimentsByStatus } from './0015-experiments-by-status.ts'
import { nothingIsNull } from './0016-nothing-is-null.ts'
import { bestScoresKept } from './0017-best-scores.ts'
import { whatIndicesAreOver } from './0018-what-indices-are-over.ts'
import { workOfJobs } from './0019-work-of-jobs.ts'
import { titlesOfJobs } from './0020-titles-of-jobs.ts'
import { measurements } from './0021-measurements.ts'

/** In order of number, without gaps. */
export const migrations: readonly Migration[] = [
  initial,
  jobCores,
  outcomesAndDrafts,
  portablePaths,
  modelsByRole,
  reranking,
  plannedComparisons,
  labelsAndBin,
  places,
  partsOfRuns,
  retrievers,
  indexJobsNameTheirData,
  hnswByItsName,
  foundRates,
  experimentsByStatus,
  nothingIsNull,
  bestScoresKept,
  whatIndicesAreOver,
  workOfJobs,
  titlesOfJobs,
  measurements
]
