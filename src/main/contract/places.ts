import { z } from 'zod'

/**
 * Places to compute besides this computer's own workers. Slurm schedules, the user's own ssh carries; no password is kept, and
 * nothing on a place listens.
 */

/** Of names that go through a shell of another machine: nothing that one could read otherwise. */
const plainPath = z
  .string()
  .regex(/^[A-Za-z0-9._/-]*$/, 'may hold letters, digits, dots, dashes, underscores and slashes only')
  .refine(
    (path) => !path.startsWith('-') && !path.split('/').includes('..'),
    'must not begin with a dash or step upwards'
  )

export const placeSettingsSchema = z.object({
  name: z.string().trim().min(1).max(60),
  /** process: jobs are started as they come, `atOnce` of them; slurm: they are handed to the scheduler. */
  kind: z.enum(['process', 'slurm']),
  /** A name of the user's ssh configuration, or user@host; null: this computer. */
  ssh: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._@-]*$/, 'is a host of your ssh configuration, or user@host')
    .nullable()
    .default(null),
  /** Another file than the user's own ssh configuration. */
  sshConfig: z.string().nullable().default(null),
  /** Where the lab keeps its things there; a relative one is below the user's home folder there. */
  folder: plainPath.min(1).default('.recross-lab'),
  /** How many jobs run there at the same time; with Slurm 0 means as many as it likes. */
  atOnce: z.int().min(0).max(10_000).default(1),
  /** Threads of a job, and with Slurm the cores that are asked for; 0: all of the machine. */
  threads: z.int().min(0).max(1024).default(1),
  partition: z
    .string()
    .regex(/^([\w][\w,.-]*)?$/)
    .default(''),
  account: z
    .string()
    .regex(/^([\w][\w.-]*)?$/)
    .default(''),
  /** Minutes until Slurm ends a job, which then goes on in another turn; 0: what the partition allows. */
  minutes: z.int().min(0).default(0),
  /** 0: as much as each job is thought to need. */
  memoryMegabytes: z.int().min(0).default(0),
  gpus: z.int().min(0).max(64).default(0),
  /** Further options of sbatch, as --option=value. */
  extra: z.array(z.string()).default([])
})
export type PlaceSettings = z.output<typeof placeSettingsSchema>

const partitionSchema = z.object({
  name: z.string(),
  usual: z.boolean(),
  state: z.string(),
  nodes: z.number(),
  cores: z.number(),
  memoryMegabytes: z.number(),
  timeLimit: z.string(),
  gpus: z.string()
})
export type Partition = z.infer<typeof partitionSchema>

/** What a machine says of itself. */
const helloSchema = z.object({
  host: z.string(),
  platform: z.string(),
  node: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  freeBytes: z.number(),
  /** Names of graphics processors, where the driver tells them. */
  gpus: z.array(z.string()),
  /** A run's last digits hang on it. */
  processor: z.string(),
  slurm: z.object({ version: z.string(), partitions: z.array(partitionSchema) }).nullable(),
  /** Why there is none that can be used. */
  slurmProblem: z.string()
})
export type Hello = z.infer<typeof helloSchema>

export const placeCheckSchema = z.object({
  checkedAt: z.iso.datetime(),
  /** Every step up to the first that failed. */
  steps: z.array(z.object({ name: z.string(), works: z.boolean(), found: z.string() })),
  works: z.boolean(),
  hello: helloSchema.nullable()
})
export type PlaceCheck = z.infer<typeof placeCheckSchema>

export const placeSchema = z.object({
  id: z.string(),
  settings: placeSettingsSchema,
  check: placeCheckSchema.nullable(),
  createdAt: z.iso.datetime()
})
export type Place = z.infer<typeof placeSchema>

/** What an experiment would meet at a place, asked before it starts. */
export const placeForecastSchema = z.object({
  placeId: z.string(),
  name: z.string(),
  kind: z.enum(['process', 'slurm']),
  /** Which stages go there. */
  stages: z.array(z.enum(['index', 'runs'])),
  /** What its jobs read of this home, and what of it is not there yet; null where the place could not be asked. */
  bytes: z.number().nullable(),
  missingBytes: z.number().nullable(),
  /** How long a job would wait as the scheduler estimates it, and the time that it names; null where nobody says. */
  waitSeconds: z.number().nullable(),
  startsAt: z.string().nullable(),
  /** Why something of this is not known. */
  problem: z.string().nullable()
})
export type PlaceForecast = z.infer<typeof placeForecastSchema>

/** What the lab has put on a place. */
export const placeContentsSchema = z.object({
  jobs: z.array(z.object({ id: z.string(), state: z.string(), bytes: z.number() })),
  objects: z.object({ count: z.number(), bytes: z.number() })
})
export type PlaceContents = z.infer<typeof placeContentsSchema>
