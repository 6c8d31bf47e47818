import type { AddCommand } from './command.ts'
import { addDatasets } from './datasets.ts'
import { addDemo } from './demo.ts'
import { addDiagnostics } from './diagnostics.ts'
import { addDoctor } from './doctor.ts'
import { addDownload } from './download.ts'
import { addExperiment } from './experiment.ts'
import { addHome } from './home.ts'
import { addImport } from './import.ts'
import { addIndices } from './indices.ts'
import { addJobs } from './jobs.ts'
import { addModels } from './models.ts'
import { addPlaces } from './places.ts'
import { addPredict } from './predict.ts'
import { addReranker } from './reranker.ts'
import { addRetriever } from './retriever.ts'
import { addSettings } from './settings.ts'
import { addStudy } from './study.ts'
import { addTargets } from './targets.ts'
import { addBin } from './things.ts'
import { addUpdate } from './update.ts'

/** Every command that works on a lab, in the order of the help. */
export const commands: readonly AddCommand[] = [
  addDemo,
  addExperiment,
  addStudy,
  addImport,
  addDownload,
  addDatasets,
  addTargets,
  addModels,
  addPredict,
  addIndices,
  addReranker,
  addRetriever,
  addBin,
  addJobs,
  addPlaces,
  addHome,
  addSettings,
  addDoctor,
  addDiagnostics,
  addUpdate
]
