import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'
import { errorCodes } from './error-codes.ts'
import { download, importDataset, leakCheck } from './kinds/data.ts'
import { jobKind, nothing, type JobPolicy } from './kinds/kind.ts'
import { answerFile, exportModel, findRate, installModel } from './kinds/models.ts'
import { minePairs, trainReranker, trainRetriever } from './kinds/reranking.ts'
import { buildIndex, embedShard, fetchIndex, publishIndex } from './kinds/indices.ts'
import { runStrategy } from './kinds/runs.ts'
import { exportStudy, importStudy } from './kinds/studies.ts'

/**
 * Jobs: what workers do. One row per kind with the schemas of its input and output, how the queue treats it and what of the lab it
 * reads (kinds/); the same input schema checks the wizard's form. Paths are absolute; a worker writes only into the folder that it is given.
 */
export const jobSchemas = {
  /** Does nothing useful, slowly: proves that jobs, progress, pause and crash handling work on this machine. */
  'self-test': jobKind({
    input: z.object({
      /** How many steps. At least 1. */
      steps: z.int().min(1).default(10),
      /** Time of a step in milliseconds. 0 or more. */
      milliseconds: z.int().min(0).default(50),
      /** spin: five seconds of nothing but computing; hang: neither computing nor answering. */
      fail: z.enum(['no', 'throw', 'abort', 'memory', 'spin', 'hang']).default('no')
    }),
    output: z.object({
      /** How many steps were done. */
      steps: z.int()
    }),
    policy: { resource: 'cpu', resumes: false, retries: 0, elsewhere: true },
    uses: nothing
  }),
  'import-dataset': importDataset,
  download,
  'mine-pairs': minePairs,
  'train-reranker': trainReranker,
  'train-retriever': trainRetriever,
  'install-model': installModel,
  'export-model': exportModel,
  'export-study': exportStudy,
  'import-study': importStudy,
  'answer-file': answerFile,
  'find-rate': findRate,
  'build-index': buildIndex,
  'embed-shard': embedShard,
  'publish-index': publishIndex,
  'fetch-index': fetchIndex,
  'leak-check': leakCheck,
  'run-strategy': runStrategy
} as const

export type JobKind = keyof typeof jobSchemas
export type JobInput<K extends JobKind> = z.output<(typeof jobSchemas)[K]['input']>
export type JobOutput<K extends JobKind> = z.output<(typeof jobSchemas)[K]['output']>

export const jobKinds = Object.keys(jobSchemas) as [JobKind, ...JobKind[]]

/** How the queue treats each kind, as its row says. */
export const jobPolicies = Object.fromEntries(jobKinds.map((kind) => [kind, jobSchemas[kind].policy])) as Record<
  JobKind,
  JobPolicy
>

/** queued → running ⇄ paused → finished | failed (the job said no) | crashed (the worker died) | cancelled; interrupted: the lab died. */
export const jobStatusSchema = z.enum([
  'queued',
  'running',
  'paused',
  'finished',
  'failed',
  'crashed',
  'cancelled',
  'interrupted'
])
export type JobStatus = z.infer<typeof jobStatusSchema>

/** Live state of a job. `fraction` is 0…1, null where it is unknown; seconds are wall time. */
const jobProgressSchema = z.object({
  /** Share of the whole job that is done, 0…1; null: unknown. */
  fraction: z.number().nullable(),
  /** What it is doing, in words; null before it says. */
  phase: textOrNone,
  /** How much of the phase is done, in `unit`. */
  done: z.number(),
  /** How much the phase comes to, in `unit`; null: unknown. */
  total: z.number().nullable(),
  /** What is counted, such as rows or steps; null: nothing is. */
  unit: textOrNone,
  /** Units per second over the last moments. */
  rate: z.number().nullable(),
  /** Seconds until it ends, as the last moments suggest; null: unknown. */
  secondsLeft: z.number().nullable(),
  /** The newest figures of the job, e.g. loss and learning rate while tuning. */
  figures: z.record(z.string(), z.number())
})
export type JobProgress = z.infer<typeof jobProgressSchema>

export const wireErrorSchema = z.object({
  /** Of another version of the lab, perhaps: what is unknown here is `other`. */
  code: z.enum(errorCodes).catch('other'),
  /** What is wrong and what to do, in sentences. */
  message: z.string(),
  /** What a program may want to know: names, numbers, paths. */
  details: z.record(z.string(), z.unknown()),
  /** What led to it, in a line; null: nothing else. */
  cause: textOrNone
})
export type WireError = z.infer<typeof wireErrorSchema>

/** What a finished job brought into the lab. A download that goes on as another job names that one. */
const outcomeSchema = z.object({
  /** What it is. */
  what: z.enum(['dataset', 'model', 'index', 'mining', 'job']),
  /** Its id. */
  id: z.string(),
  /** The very same thing was there before, and nothing was added. */
  already: z.boolean()
})
export type Outcome = z.infer<typeof outcomeSchema>

/** Where a job of a place is just now. */
const whereaboutsSchema = z.object({
  /** sending: what it needs is on its way there; waiting: for its turn there; running: on a node. */
  state: z.enum(['sending', 'waiting', 'running']),
  /** The node, or why it waits; null where nobody says. */
  text: textOrNone,
  /** Its turn among the jobs of this user that wait there, from 1. */
  position: z.int().nullable(),
  /** When the scheduler expects it to start, in its own words. */
  expected: textOrNone
})
export type Whereabouts = z.infer<typeof whereaboutsSchema>

const calledSchema = z.object({
  /** Which title it is. */
  says: z.string(),
  /** What it speaks of. */
  of: z.record(z.string(), z.unknown())
})

export const jobSchema = z.object({
  /** Names its log as well. */
  id: z.string(),
  /** What kind of work it is. */
  kind: z.enum(jobKinds),
  /** What it does, in English words. */
  title: z.string(),
  /** The same for screens, which say it in the reader's language (contract/job-titles.ts); null: of an older version. */
  called: calledSchema.nullable().optional(),
  /** How far it is. */
  status: jobStatusSchema,
  /** Jobs with a larger number start first; 0 is usual. */
  priority: z.int(),
  /** Jobs that must have finished before this one starts. */
  dependsOn: z.array(z.string()),
  /** Id of the experiment that it belongs to; null: none. */
  experimentId: textOrNone,
  /** Id of the place where it computes; null: this computer. */
  place: textOrNone.optional(),
  /** While it is under way at a place. */
  where: whereaboutsSchema.optional(),
  /** How far it is; null before it starts. */
  progress: jobProgressSchema.nullable(),
  /** Why it ended badly; null: it did not. */
  error: wireErrorSchema.nullable(),
  /** What it made or found; null for jobs that make nothing of their own, and until they have finished. */
  outcome: outcomeSchema.nullable(),
  /** True while it runs and nothing has been heard of its process for half a minute; it may go on by itself. */
  notAnswering: z.boolean().optional(),
  /** How often it was started. */
  attempts: z.int(),
  /** When it was asked for (UTC). */
  createdAt: z.iso.datetime(),
  /** When it was started for the last time (UTC); null: never. */
  startedAt: z.iso.datetime().nullable(),
  /** When it ended (UTC); null: it has not. */
  finishedAt: z.iso.datetime().nullable()
})
export type Job = z.infer<typeof jobSchema>

/**
 * What a job reads as. The lab runs a job of a place from when it hands it over; to its user it waits until a node works on it.
 */
export function standingOf({ status, where }: Pick<Job, 'status' | 'where'>): JobStatus {
  return status === 'running' && where !== undefined && where.state !== 'running' ? 'queued' : status
}

/** The jobs of one experiment together. */
export const jobGroupSchema = z.object({
  /** Id of the experiment. */
  experimentId: z.string(),
  /** What it is called; of one that is gone its id. */
  name: z.string(),
  /** How many jobs it has. */
  jobs: z.int(),
  /** How many of them have finished. */
  finished: z.int(),
  /** How many are running or to come. */
  open: z.int(),
  /** How many failed, crashed or were interrupted. */
  troubled: z.int()
})
export type JobGroup = z.infer<typeof jobGroupSchema>

export const logLineSchema = z.object({
  /** When it was said (UTC). */
  time: z.iso.datetime(),
  /** How much it matters. */
  level: z.enum(['debug', 'info', 'warn', 'error']),
  /** What was said. */
  text: z.string()
})
export type LogLine = z.infer<typeof logLineSchema>
