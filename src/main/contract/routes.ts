import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { comparisonRoutes } from './comparison.ts'
import { draftSchema } from './drafts.ts'
import {
  columnMappingSchema,
  datasetKindSchema,
  datasetSchema,
  exampleSchema,
  histogramSchema,
  importFormatSchema,
  importPreviewSchema,
  metricSchema,
  querySetSchema,
  readingSchema,
  rejectedLineSchema,
  targetSchema,
  taskSummarySchema
} from './data.ts'
import { changeSchema } from './events.ts'
import {
  experimentModelsSchema,
  experimentPlanSchema,
  experimentSchema,
  experimentSpecSchema,
  keepWeightsSchema,
  keptWeightsSchema,
  presetSchema,
  retrievedExampleSchema,
  retrievalSettingsSchema,
  runSchema,
  scoreSchema,
  strategySchema
} from './experiments.ts'
import { foreignRequestSchema } from './foreign.ts'
import { jobKinds, jobSchema, jobSchemas, jobStatusSchema, logLineSchema, sampleQueriesSchema } from './jobs.ts'
import { catalogEntrySchema, indexSchema, modelLookSchema, modelSchema } from './models.ts'
import { placeCheckSchema, placeContentsSchema, placeSchema, placeSettingsSchema } from './places.ts'
import { miningRequestSchema, miningSchema, retrieverRequestSchema, trainRequestSchema } from './reranking.ts'
import { representationNames } from './strategies.ts'
import { recognisedSchema } from './recognised.ts'
import { savedFileSchema } from './saved-file.ts'
import { homeUsageSchema, leftoversSchema, verificationSchema } from './housekeeping.ts'
import { hubLookSchema, questionSchemas } from './questions.ts'
import { doctorReportSchema, homeSchema, settingsSchema } from './settings.ts'
import { studySchema } from './study.ts'
import { installerSchema, updateSchema } from './updates.ts'
import { binnedSchema, labelChangeSchema, labelSchema, lossSchema, namedSchema, thingSchema } from './things.ts'
import { answersFormatSchema, askedSchema, exportFormatSchema, givenAnswerSchema } from './tuned-models.ts'

/**
 * The one route map between backend and clients: every input and output is plain data with a runtime schema. Served over
 * Electron's MessagePort and over WebSocket alike. Errors that a person can act on cross as LAB_ERROR with their code.
 */

const labErrors = {
  LAB_ERROR: {
    data: z.object({ code: z.string(), details: z.record(z.string(), z.unknown()), cause: z.string().nullable() })
  }
}
const route = oc.errors(labErrors)
const id = z.object({ id: z.string() })
const page = { limit: z.int().min(1).max(1000).default(50), offset: z.int().min(0).default(0) }
const none = z.object({}).default({})

export const contract = {
  lab: {
    home: route.input(none).output(homeSchema),
    settings: route.input(none).output(settingsSchema),
    saveSettings: route.input(settingsSchema.partial()).output(settingsSchema),
    /** Keeps a Hugging Face token: in the system's secret store under Electron; in plain text only where `plain` agrees. */
    saveToken: route.input(z.object({ token: z.string().nullable(), plain: z.boolean() })).output(settingsSchema),
    doctor: route.input(none).output(doctorReportSchema),
    /** What the home folder holds. */
    usage: route.input(none).output(homeUsageSchema),
    /** Frees what nothing needs; with `dryRun` it only says what. */
    clean: route.input(z.object({ dryRun: z.boolean() })).output(leftoversSchema),
    /** Reads everything in the home and compares it with the hashes that were written down. Takes a while for large models. */
    verify: route.input(none).output(verificationSchema),
    /** Asks the release page for the newest version: only now, never by itself. */
    lookForUpdate: route.input(none).output(updateSchema),
    /** Installers of the lab in a folder, for computers without a network. */
    installers: route.input(z.object({ folder: z.string().min(1) })).output(z.array(installerSchema)),
    /** What a file or folder that somebody brings is: data, a model, a study, or an archive of one. */
    recognise: route.input(z.object({ path: z.string().min(1) })).output(recognisedSchema),
    /** Half-filled forms of this home, as this version of the lab has kept them. */
    drafts: route.input(none).output(z.array(draftSchema)),
    /** Keeps a half-filled form in place of the one of that name; null forgets it. */
    keepDraft: route.input(draftSchema.extend({ text: z.string().max(1_000_000).nullable() })).output(z.object({})),
    /** What has changed, from now on. A client that returns asks for the current state first. */
    changes: route.input(none).output(eventIterator(changeSchema))
  },
  jobs: {
    list: route
      .input(
        z.object({
          status: z.array(jobStatusSchema).default([]),
          kinds: z.array(z.enum(jobKinds)).default([]),
          experimentId: z.string().nullable().default(null),
          text: z.string().default(''),
          ...page
        })
      )
      .output(z.object({ total: z.int(), jobs: z.array(jobSchema) })),
    get: route.input(id).output(jobSchema),
    log: route
      .input(z.object({ id: z.string(), tail: z.int().min(1).max(10_000).default(500) }))
      .output(z.array(logLineSchema)),
    /** Figures over time, e.g. the loss curve: one row per reported step (thinned to at most 2,000). */
    curve: route.input(id).output(z.array(z.record(z.string(), z.number()))),
    pause: route.input(id).output(jobSchema),
    resume: route.input(id).output(jobSchema),
    cancel: route.input(id).output(jobSchema),
    retry: route.input(id).output(jobSchema),
    /** Jobs of a higher priority start first; of the same, older ones. */
    setPriority: route.input(z.object({ id: z.string(), priority: z.int().min(-1000).max(1000) })).output(jobSchema),
    selfTest: route
      .input(jobSchemas['self-test'].input.extend({ place: z.string().nullable().default(null) }))
      .output(jobSchema),
    remove: route.input(id).output(z.object({})),
    /** Takes off the list what has finished or was cancelled; jobs of experiments stay with them, for their logs and curves. */
    clear: route.input(none).output(z.object({ removed: z.int() }))
  },
  places: {
    list: route.input(none).output(z.array(placeSchema)),
    /** Puts a place into the list, without looking at it. */
    add: route.input(placeSettingsSchema).output(placeSchema),
    change: route.input(z.object({ id: z.string(), settings: placeSettingsSchema })).output(placeSchema),
    /** Connects, puts the lab's programs there and runs a small job; what was found is kept with the place. */
    check: route.input(id).output(placeCheckSchema),
    contents: route.input(id).output(placeContentsSchema),
    /** Deletes there what no unfinished job needs. */
    clean: route.input(id).output(z.object({ freedBytes: z.number() })),
    remove: route.input(id).output(z.object({}))
  },
  data: {
    list: route.input(none).output(z.array(datasetSchema)),
    get: route.input(id).output(datasetSchema),
    tasks: route.input(id).output(z.array(taskSummarySchema)),
    lengths: route
      .input(z.object({ id: z.string(), field: z.enum(['input', 'output']), task: z.string().optional() }))
      .output(histogramSchema),
    search: route
      .input(
        z.object({
          id: z.string(),
          text: z.string(),
          task: z.string().optional(),
          group: z.string().optional(),
          ...page
        })
      )
      .output(z.object({ total: z.int(), examples: z.array(exampleSchema) })),
    example: route.input(z.object({ id: z.string(), exampleId: z.int() })).output(exampleSchema),
    rejected: route.input(id).output(z.array(rejectedLineSchema)),
    preview: route
      .input(
        z.object({
          file: z.string(),
          format: importFormatSchema.nullable().default(null),
          reading: readingSchema.default({}),
          mapping: columnMappingSchema.nullable().default(null),
          /** Upstream data needs answers; a target may go without. */
          kind: datasetKindSchema.default('upstream')
        })
      )
      .output(importPreviewSchema),
    import: route
      .input(
        z.object({
          name: z.string().min(1),
          kind: datasetKindSchema,
          files: z.array(z.string()).min(1),
          format: importFormatSchema.nullable().default(null),
          reading: readingSchema.default({}),
          mapping: columnMappingSchema.nullable().default(null),
          groupsFile: z.string().nullable().default(null),
          querySetsFile: z.string().nullable().default(null),
          sampleQueries: sampleQueriesSchema.nullable().default(null),
          skipLimit: z.int().min(0).default(0),
          licence: z.string().default('unknown')
        })
      )
      .output(jobSchema),
    /** Puts an uploaded file (drag and drop in a browser) into the home's downloads folder, by chunks. */
    upload: route
      .input(
        z.object({
          /** Null for the first piece; then what the answer to it said. */
          upload: z.string().nullable(),
          name: z.string(),
          offset: z.int().min(0),
          chunk: z.instanceof(Blob),
          last: z.boolean()
        })
      )
      .output(z.object({ upload: z.string(), path: z.string(), bytes: z.int() })),
    installDemo: route
      .input(none)
      .output(z.object({ datasetId: z.string(), models: experimentModelsSchema, targetIds: z.array(z.string()) }))
  },
  targets: {
    list: route.input(none).output(z.array(targetSchema)),
    get: route.input(id).output(targetSchema),
    create: route
      .input(
        z.object({
          datasetId: z.string(),
          name: z.string(),
          metrics: z.array(metricSchema).min(1),
          answerBy: z.enum(['generation', 'choices'])
        })
      )
      .output(targetSchema),
    update: route
      .input(
        z.object({
          id: z.string(),
          name: z.string().optional(),
          metrics: z.array(metricSchema).min(1).optional(),
          answerBy: z.enum(['generation', 'choices']).optional()
        })
      )
      .output(targetSchema),
    querySets: route.input(id).output(z.array(querySetSchema)),
    sampleQueries: route
      .input(
        z.object({
          id: z.string(),
          size: z.int().min(1).max(1024),
          rounds: z.int().min(1).max(100),
          seed: z.int().min(0),
          /** A dataset to draw from instead of the target's own test examples, e.g. its training split. */
          fromDatasetId: z.string().nullable().default(null)
        })
      )
      .output(z.array(querySetSchema)),
    /** Query sets that are typed or pasted, a question each, or read from a file of any kind. */
    addQueries: route
      .input(
        z.object({ id: z.string(), texts: z.array(z.string()).max(100_000), file: z.string().nullable().default(null) })
      )
      .output(z.array(querySetSchema)),
    checkLeaks: route.input(z.object({ id: z.string(), datasetId: z.string() })).output(jobSchema),
    leaks: route.input(z.object({ id: z.string(), datasetId: z.string() })).output(
      z.object({
        checked: z.boolean(),
        leaks: z.array(
          z.object({
            exampleId: z.int(),
            targetExampleId: z.int(),
            kind: z.enum(['exact', 'near']),
            similarity: z.number()
          })
        )
      })
    )
  },
  models: {
    list: route.input(none).output(z.array(modelSchema)),
    get: route.input(id).output(modelSchema),
    /** What a folder holds, found out as an install would, without installing it. */
    look: route.input(z.object({ folder: z.string() })).output(modelLookSchema),
    install: route
      .input(
        z.object({
          ...{ name: z.string().min(1), folder: z.string(), prefix: z.string().default('') },
          /** Of a base model its encoder alone, as a sentence encoder. */
          asEncoder: z.boolean().default(false)
        })
      )
      .output(jobSchema),
    /** One answer to one text, at once. */
    ask: route
      .input(
        z.object({
          of: askedSchema,
          text: z.string().trim().min(1),
          provider: jobSchemas['answer-file'].input.shape.provider
        })
      )
      .output(questionSchemas['ask-model'].output),
    /** Answers a file of questions with a run's tuned model, or a model as it is. */
    answer: route
      .input(z.object({ of: askedSchema, file: z.string(), provider: jobSchemas['answer-file'].input.shape.provider }))
      .output(jobSchema),
    /** What such a job has answered, and the same as a table, as JSON lines or as a workbook. */
    answers: route
      .input(z.object({ jobId: z.string(), format: answersFormatSchema }))
      .output(z.object({ answers: z.array(givenAnswerSchema), file: savedFileSchema })),
    /** A folder of this computer that is free for an export, to begin from. */
    exportFolder: route
      .input(z.object({ runId: z.string(), format: exportFormatSchema }))
      .output(z.object({ folder: z.string() })),
    /** Takes a run's tuned model out into a new or empty folder, makes it a model of the lab, or both. */
    export: route
      .input(
        z.object({
          runId: z.string(),
          format: exportFormatSchema.default('hf'),
          /** On the computer that the lab runs on; null: only installed. */
          folder: z.string().nullable().default(null),
          installAs: z.string().min(1).nullable().default(null)
        })
      )
      .output(jobSchema)
  },
  catalog: {
    list: route.input(none).output(z.array(catalogEntrySchema)),
    /** Downloads an entry, or any hub repository by name. */
    download: route
      .input(
        z.discriminatedUnion('by', [
          z.object({ by: z.literal('entry'), id: z.string() }),
          z.object({
            by: z.literal('hub'),
            repo: z.string(),
            repoType: z.enum(['model', 'dataset']),
            revision: z.string().default('main'),
            files: z.array(z.string()).default([]),
            /** Datasets: configurations; none: all. */
            configs: z.array(z.string()).default([]),
            /** Datasets: the split; null: train for upstream data, test (else validation) for a target; `*`: all. */
            split: z.string().nullable().default(null),
            importAs: jobSchemas.download.input.shape.importAs
          })
        ])
      )
      .output(jobSchema),
    /** Configurations and splits of a dataset on the hub, and a look at one of them before anything is kept. */
    look: route
      .input(
        z.object({
          repo: z.string(),
          revision: z.string().default('main'),
          config: z.string().nullable().default(null),
          split: z.string().nullable().default(null),
          kind: datasetKindSchema.default('upstream'),
          format: importFormatSchema.nullable().default(null),
          reading: readingSchema.default({}),
          mapping: columnMappingSchema.nullable().default(null)
        })
      )
      .output(hubLookSchema)
  },
  indices: {
    list: route.input(none).output(z.array(indexSchema)),
    get: route.input(id).output(indexSchema),
    estimate: route
      .input(
        jobSchemas['build-index'].input
          .omit({ indexId: true, dataset: true, encoder: true })
          .extend({ datasetId: z.string(), modelId: z.string(), representation: z.enum(representationNames) })
      )
      .output(
        z.object({
          seconds: z.number(),
          bytesMemory: z.number(),
          bytesDisk: z.number(),
          /** How it will be searched. */
          search: z.enum(['exact', 'hnsw']).optional(),
          exists: indexSchema.nullable()
        })
      ),
    build: route
      .input(
        jobSchemas['build-index'].input.omit({ indexId: true, dataset: true, encoder: true }).extend({
          datasetId: z.string(),
          modelId: z.string(),
          representation: z.enum(representationNames),
          /** Id of the place where it is built; null: this computer. */
          place: z.string().nullable().default(null)
        })
      )
      .output(jobSchema),
    neighbours: route
      .input(
        z.object({
          datasetId: z.string(),
          indexId: z.string().nullable(),
          strategy: strategySchema,
          text: z.string().min(1),
          count: z.int().min(1).max(200).default(20)
        })
      )
      .output(questionSchemas.neighbours.output),
    retrieve: route
      .input(
        z.object({
          datasetId: z.string(),
          indexId: z.string().nullable(),
          strategy: strategySchema,
          /** The pair classifier, for strategies that score candidates anew. */
          rerankerId: z.string().nullable().default(null),
          querySetId: z.string(),
          settings: retrievalSettingsSchema,
          seed: z.int().default(42)
        })
      )
      .output(z.object({ retrieved: z.array(retrievedExampleSchema), seconds: z.number() })),
    /** Recall, MRR and NDCG by task or group, with upstream examples as queries. */
    quality: route
      .input(
        questionSchemas['retrieval-quality'].input
          .omit({ dataset: true, indices: true, reranker: true, provider: true })
          .extend({
            datasetId: z.string(),
            indexId: z.string().nullable().default(null),
            /** The pair classifier, for strategies that score candidates anew. */
            rerankerId: z.string().nullable().default(null)
          })
      )
      .output(questionSchemas['retrieval-quality'].output),
    map: route
      .input(
        z.object({
          indexId: z.string(),
          querySetId: z.string().nullable(),
          sample: z.int().min(10).max(20_000).default(3000)
        })
      )
      .output(questionSchemas['embedding-map'].output)
  },
  /** Supervision for rerankers, and rerankers made of it. The rerankers themselves are models. */
  reranking: {
    minings: route.input(none).output(z.array(miningSchema)),
    mining: route.input(id).output(miningSchema),
    estimateMining: route.input(miningRequestSchema).output(
      z.object({
        seconds: z.number(),
        bytesMemory: z.number(),
        bytesDisk: z.number(),
        /** Tunings and gradients that will be computed. */
        trials: z.number(),
        /** The same was mined already. */
        exists: miningSchema.nullable()
      })
    ),
    mine: route.input(miningRequestSchema).output(jobSchema),
    estimateTraining: route
      .input(trainRequestSchema)
      .output(z.object({ seconds: z.number(), bytesMemory: z.number(), bytesDisk: z.number(), pairs: z.number() })),
    train: route.input(trainRequestSchema).output(jobSchema),
    estimateRetriever: route
      .input(retrieverRequestSchema)
      .output(z.object({ seconds: z.number(), bytesMemory: z.number(), bytesDisk: z.number(), pairs: z.number() })),
    trainRetriever: route.input(retrieverRequestSchema).output(jobSchema)
  },
  experiments: {
    preset: route
      /** With a base model the settings fit its size; without, they are the paper's. */
      .input(z.object({ preset: presetSchema, modelId: z.string().nullable().default(null) }))
      .output(experimentSpecSchema.omit({ name: true, models: true, datasetId: true, targetIds: true })),
    /** The settings in which the paper, its released code and an experiment differ. */
    differences: route.input(z.object({ spec: experimentSpecSchema.nullable().default(null) })).output(
      z.object({
        columns: z.array(z.string()),
        rows: z.array(
          z.object({ path: z.string(), label: z.string(), values: z.array(z.string()), differs: z.boolean() })
        )
      })
    ),
    /** The demo's experiment on what `data.installDemo` installed. */
    demo: route
      .input(z.object({ datasetId: z.string(), models: experimentModelsSchema, targetIds: z.array(z.string()) }))
      .output(experimentSpecSchema),
    plan: route.input(experimentSpecSchema).output(experimentPlanSchema),
    start: route.input(experimentSpecSchema).output(experimentSchema),
    list: route.input(none).output(z.array(experimentSchema)),
    get: route.input(id).output(experimentSchema),
    runs: route.input(id).output(z.array(runSchema)),
    scores: route.input(id).output(z.array(scoreSchema)),
    pause: route.input(id).output(experimentSchema),
    resume: route.input(id).output(experimentSchema),
    cancel: route.input(id).output(experimentSchema),
    /** What of the tuned weights is there. */
    weights: route.input(id).output(keptWeightsSchema),
    /** From now on keeps less or more; what is too much goes at once, for good. */
    keepWeights: route.input(z.object({ id: z.string(), keep: keepWeightsSchema })).output(keptWeightsSchema),
    repeatRun: route.input(z.object({ runId: z.string() })).output(jobSchema),
    /** Answers of another program as an experiment, to be compared with the lab's own. */
    importForeign: route.input(foreignRequestSchema).output(experimentSchema)
  },
  /** Experiments as files that people write, keep and carry. */
  studies: {
    /** The form of a study file, as JSON Schema. */
    schema: route.input(none).output(z.object({ schema: z.record(z.string(), z.unknown()) })),
    write: route
      .input(
        z.object({
          of: z.union([z.object({ experimentId: z.string() }), z.object({ spec: experimentSpecSchema })]),
          format: z.enum(['yaml', 'json']).default('yaml')
        })
      )
      .output(z.object({ fileName: z.string(), text: z.string() })),
    /** The experiments of a study file, ready to be planned or started. */
    read: route
      .input(
        z.object({
          text: z.string().max(1_000_000),
          /** What to call the file in messages. */
          source: z.string().default('The file'),
          /** What stands in place of what the file says. */
          instead: studySchema.pick({ preset: true, models: true, data: true, targets: true }).default({})
        })
      )
      .output(z.object({ specs: z.array(experimentSpecSchema) })),
    /** Writes experiments, with what they need where that is wanted, as one zip that `import` takes in elsewhere. */
    export: route
      .input(
        z.object({
          path: z.string().min(1),
          overwrite: z.boolean().default(false),
          experimentIds: z.array(z.string()).default([]),
          datasetIds: z.array(z.string()).default([]),
          modelIds: z.array(z.string()).default([]),
          targetIds: z.array(z.string()).default([]),
          data: z.boolean().default(false),
          models: z.boolean().default(false),
          indices: z.boolean().default(false),
          weights: z.boolean().default(false)
        })
      )
      .output(
        z.object({
          path: z.string(),
          bytes: z.number(),
          files: z.int(),
          /** What was asked for and is not here any more. */
          missing: z.array(z.string())
        })
      ),
    import: route.input(z.object({ path: z.string().min(1) })).output(
      z.object({
        experiments: z.array(z.object({ id: z.string(), name: z.string() })),
        runs: z.int(),
        datasets: z.array(z.string()),
        targets: z.array(z.string()),
        models: z.array(z.string()),
        indices: z.int(),
        /** Things that were here already. */
        there: z.int()
      })
    )
  },
  compare: comparisonRoutes,
  /** What is the same for everything that the lab holds. */
  things: {
    labels: route.input(none).output(z.array(labelSchema)),
    /** Renames, notes, tags, archives; what is not given stays as it is. */
    label: route.input(labelChangeSchema).output(labelSchema),
    usedBy: route.input(thingSchema).output(z.array(namedSchema)),
    /** What a deletion would take away and leave, worked out as the deletion itself is. */
    loss: route.input(thingSchema).output(lossSchema),
    /** Into the bin, from where it can be brought back for some days; null where it was deleted for good. */
    remove: route.input(thingSchema.extend({ forGood: z.boolean().default(false) })).output(binnedSchema.nullable()),
    bin: route.input(none).output(z.array(binnedSchema)),
    restore: route.input(z.object({ binId: z.string() })).output(thingSchema),
    /** Deletes for good: some of the bin, or null for all. */
    emptyBin: route.input(z.object({ binIds: z.array(z.string()).nullable() })).output(z.object({ bytes: z.number() }))
  }
}
export type Contract = typeof contract
