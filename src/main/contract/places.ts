import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'
import { noneIfEmpty } from './none-if-empty.ts'

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
  /** What the user calls it. Not empty, at most 60 characters. */
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
  sshConfig: textOrNone.default(null),
  /** Where the lab keeps its things there; a relative one is below the user's home folder there. Not empty. */
  folder: plainPath.min(1).default('.recross-lab'),
  /** How many jobs run there at the same time; with Slurm 0 means as many as it likes. 0 to 10,000. */
  atOnce: z.int().min(0).max(10_000).default(1),
  /** Threads of a job, and with Slurm the cores that are asked for; 0: all of the machine. 0 to 1,024. */
  threads: z.int().min(0).max(1024).default(1),
  /** Slurm: the partition to ask for; null: the usual one. */
  partition: z
    .string()
    .regex(/^([\w][\w,.-]*)?$/)
    .transform(noneIfEmpty)
    .nullable()
    .default(null),
  /** Slurm: the account to charge; null: the usual one. */
  account: z
    .string()
    .regex(/^([\w][\w.-]*)?$/)
    .transform(noneIfEmpty)
    .nullable()
    .default(null),
  /** Minutes until Slurm ends a job, which then goes on in another turn; 0: what the partition allows. 0 or more. */
  minutes: z.int().min(0).default(0),
  /** Memory that a job asks for, in megabytes; 0: as much as each job is thought to need. 0 or more. */
  memoryMegabytes: z.int().min(0).default(0),
  /** Slurm: how many graphics processors a job asks for. 0 to 64. */
  gpus: z.int().min(0).max(64).default(0),
  /** Further options of sbatch, as --option=value. */
  extra: z.array(z.string()).default([])
})
export type PlaceSettings = z.output<typeof placeSettingsSchema>

const partitionSchema = z.object({
  /** Name of the partition. */
  name: z.string(),
  /** Whether jobs go there where none is named. */
  usual: z.boolean(),
  /** State in Slurm's words, such as up. */
  state: z.string(),
  /** How many nodes it has. */
  nodes: z.number(),
  /** Cores of a node; how many. */
  cores: z.number(),
  /** Memory of a node in megabytes. */
  memoryMegabytes: z.number(),
  /** Longest time of a job, in Slurm's words. */
  timeLimit: z.string(),
  /** Graphics processors of a node, in Slurm's words; null: none. */
  gpus: textOrNone
})
export type Partition = z.infer<typeof partitionSchema>

/** What a machine says of itself. */
const helloSchema = z.object({
  /** Name of the machine. */
  host: z.string(),
  /** Its system and processor, as Node names them. */
  platform: z.string(),
  /** Version of Node that runs there. */
  node: z.string(),
  /** How many physical cores it has. */
  cores: z.number(),
  /** Memory in bytes. */
  memoryBytes: z.number(),
  /** Room on the disk of its folder, in bytes. */
  freeBytes: z.number(),
  /** Names of graphics processors, where the driver tells them. */
  gpus: z.array(z.string()),
  /** A run's last digits hang on it. */
  processor: z.string(),
  /** Slurm, where it can be used; null: there is none. */
  slurm: z
    .object({
      /** Version of Slurm. */
      version: z.string(),
      /** The partitions that jobs can go to. */
      partitions: z.array(partitionSchema)
    })
    .nullable(),
  /** Why there is none that can be used; null: there is one. */
  slurmProblem: textOrNone
})
export type Hello = z.infer<typeof helloSchema>

export const placeCheckSchema = z.object({
  /** When it was looked at (UTC). */
  checkedAt: z.iso.datetime(),
  /** Every step up to the first that failed. */
  steps: z.array(
    z.object({
      /** What was tried, in words. */
      name: z.string(),
      /** Whether it worked. */
      works: z.boolean(),
      /** What was found, in words of the command line. */
      found: z.string(),
      /** Code of the error that stood in the way; null: it worked, or an earlier version looked. */
      code: textOrNone.default(null),
      /** How long the small job took, in seconds; null: the step ran none. */
      seconds: z.number().nullable().default(null)
    })
  ),
  /** Whether everything worked. */
  works: z.boolean(),
  /** What the machine says of itself; null: it did not come so far. */
  hello: helloSchema.nullable()
})
export type PlaceCheck = z.infer<typeof placeCheckSchema>

export const placeSchema = z.object({
  /** Its id. */
  id: z.string(),
  /** How it is reached and used. */
  settings: placeSettingsSchema,
  /** What the last look found; null: nobody has looked. */
  check: placeCheckSchema.nullable(),
  /** When it was put into the list (UTC). */
  createdAt: z.iso.datetime()
})
export type Place = z.infer<typeof placeSchema>

/** What an experiment would meet at a place, asked before it starts. */
export const placeForecastSchema = z.object({
  /** Id of the place. */
  placeId: z.string(),
  /** What the user calls it. */
  name: z.string(),
  /** How jobs are started there. */
  kind: z.enum(['process', 'slurm']),
  /** Which stages go there. */
  stages: z.array(z.enum(['index', 'runs'])),
  /** What its jobs read of this home, and what of it is not there yet; null where the place could not be asked. */
  bytes: z.number().nullable(),
  /** How many of those bytes are not there yet; null: not known. */
  missingBytes: z.number().nullable(),
  /** Seconds that a job would wait, as the scheduler estimates it; null where nobody says. */
  waitSeconds: z.number().nullable(),
  /** The time that the scheduler names, in its own words; null: nobody says. */
  startsAt: textOrNone,
  /** The most that one of its jobs asks the scheduler for; null without a scheduler. */
  asks: z
    .object({
      /** Megabytes of memory of a job; 0: as the partition gives. */
      memoryMegabytes: z.number(),
      /** Number of graphics processors of a job. */
      gpus: z.number()
    })
    .nullable(),
  /** Why something of this is not known. */
  problem: textOrNone
})
export type PlaceForecast = z.infer<typeof placeForecastSchema>

/** What the lab has put on a place. */
export const placeContentsSchema = z.object({
  /** The jobs that lie there. */
  jobs: z.array(
    z.object({
      /** Id of the job. */
      id: z.string(),
      /** State of the job there, in words. */
      state: z.string(),
      /** Size of its folder in bytes. */
      bytes: z.number(),
      /** When something in it last came or went, by the place's clock (UTC). */
      changedAt: z.iso.datetime()
    })
  ),
  /** Contents that jobs share, each once. */
  objects: z.object({
    /** How many there are. */
    count: z.number(),
    /** Size in bytes. */
    bytes: z.number()
  }),
  /** The lab's programs, one for each version of the lab that was there. */
  bundles: z.array(
    z.object({
      /** Names what is in it. */
      hash: z.string(),
      /** Whether all of it has come over. */
      whole: z.boolean(),
      /** Size in bytes. */
      bytes: z.number(),
      /** When it was put there, by the place's clock (UTC). */
      putAt: z.iso.datetime(),
      /** This lab, another one, or a job there needs it. */
      inUse: z.boolean()
    })
  ),
  /** What was needed to hand jobs to Slurm. */
  scripts: z.object({
    /** How many files there are. */
    count: z.number(),
    /** Size in bytes. */
    bytes: z.number()
  })
})
export type PlaceContents = z.infer<typeof placeContentsSchema>
