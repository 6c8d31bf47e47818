import { z } from 'zod'
import { textOrNone } from '../text-or-none.ts'
import { browseAnswerSchema, browseQuestionSchema } from '../browse.ts'
import { datasetKindSchema } from '../data.ts'
import {
  columnMappingSchema,
  hubCardSchema,
  importFormatSchema,
  importPreviewSchema,
  readingSchema
} from '../import.ts'
import { nothing, questionKind } from '../kinds/kind.ts'

export const hubLookSchema = z.object({
  /** Repository on the hub, as owner/name. */
  repo: z.string(),
  /** Where the files lie: the branch that was asked for, or the hub's converted one for datasets that are programs. */
  revision: z.string(),
  /** Configurations and splits that it offers. */
  parts: z.array(
    z.object({
      /** Name of the configuration. */
      config: z.string(),
      /** Name of the split. */
      split: z.string(),
      /** How many files it has. */
      files: z.int(),
      /** Size of these files in bytes. */
      bytes: z.int()
    })
  ),
  /** The configuration that was looked at. */
  config: z.string(),
  /** The split that was looked at. */
  split: z.string(),
  /** Licence that the card names; null: none. */
  licence: textOrNone,
  /** Null where the repository has no README.md. */
  card: hubCardSchema.nullable(),
  /** Null where every file is too large to be looked at before the download. */
  preview: importPreviewSchema.nullable()
})

/** Reads the head of a file and says how it would be understood. */
export const previewImport = questionKind({
  input: z.object({
    /** Absolute path of the file. */
    file: z.string(),
    /** The form of the file; null: told from its content. */
    format: importFormatSchema.nullable(),
    /** How the file is taken apart; what is left out is told from it. */
    reading: readingSchema.default({}),
    /** Which columns become what; null: guessed from their names. */
    mapping: columnMappingSchema.nullable(),
    /** Upstream data or a target. */
    kind: datasetKindSchema.default('upstream')
  }),
  output: importPreviewSchema,
  policy: { resource: 'cpu', retries: 0, seconds: 60 },
  uses: nothing
})

/** Answers what a page about data shows: `dataset` is the path of a sealed dataset. */
export const browse = questionKind({
  input: z.object({
    /** Path of the sealed data. */
    dataset: z.string(),
    /** What is asked. */
    question: browseQuestionSchema
  }),
  output: browseAnswerSchema,
  policy: { resource: 'cpu', retries: 1, seconds: 120 },
  uses: nothing
})

/** Lists the configurations and splits of a dataset on the hub, and looks at the beginning of one. */
export const lookAtHub = questionKind({
  input: z.object({
    /** Repository on the hub, as owner/name. */
    repo: z.string(),
    /** Branch, tag or commit of the repository. */
    revision: z.string(),
    /** Configuration to look at; null: one is chosen. */
    config: textOrNone,
    /** Split to look at; null: one is chosen, as the kind needs. */
    split: z.string().nullable(),
    /** Upstream data or a target. */
    kind: datasetKindSchema.default('upstream'),
    /** The form of the file; null: told from its content. */
    format: importFormatSchema.nullable().default(null),
    /** How the file is taken apart; what is left out is told from it. */
    reading: readingSchema.default({}),
    /** Which columns become what; null: guessed from their names. */
    mapping: columnMappingSchema.nullable(),
    /** Address of a mirror of the hub; null: the hub itself. */
    mirror: textOrNone,
    /** Address of a proxy; null: none. */
    proxy: textOrNone,
    /** The user's token for the hub; null: none. */
    token: textOrNone,
    /** A folder of `huggingface_hub` that may hold the files already; null: none. */
    cache: textOrNone.default(null)
  }),
  output: hubLookSchema,
  policy: { resource: 'cpu', retries: 0, seconds: 300 },
  uses: nothing
})

export type HubLook = z.infer<typeof hubLookSchema>
