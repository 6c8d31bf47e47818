import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'
import { embeddedOver } from './embedded-over.ts'
import { datasetKindSchema } from './data.ts'
import { hubCardSchema } from './import.ts'
import { foundRateSchema } from './rate-test.ts'
import { rerankerCardSchema } from './reranking.ts'
import { retrieverCardSchema } from './retrievers.ts'
import { bundledSourceSchema, driveSourceSchema, filesSourceSchema, hubSourceSchema } from './sources.ts'
import { representationNames } from './strategies.ts'

/** Records about models and indices. */

export const modelSchema = z.object({
  /** Its id; names its folder as well. */
  id: z.string(),
  /** What the user calls it. */
  name: z.string(),
  /** What kind of model it is. */
  role: z.enum(['seq2seq', 'encoder', 'pair-classifier']),
  /** Its architecture, as config.json names it. */
  architecture: z.string(),
  /** How many weights it has. */
  parameters: z.int(),
  /** Numbers of a hidden state. */
  hiddenSize: z.int(),
  /** Longest input in tokens; null: no limit. */
  maxInputTokens: z.int().nullable(),
  /** Hash of its weights, configuration and tokenizer. */
  fingerprint: z.string(),
  /** Put before inputs and outputs, e.g. "<s> " for BART0. */
  prefix: z.string(),
  /** Size on disk in bytes. */
  bytes: z.int(),
  /** Where it comes from, in words. */
  source: z.string(),
  /** Licence as its source names it, or unknown. */
  licence: z.string(),
  /** Of a reranker that was trained in a lab: what it was trained on, and how good it is. */
  reranker: rerankerCardSchema.nullable().default(null),
  /** Of a retriever that was trained in a lab. */
  retriever: retrieverCardSchema.nullable().default(null),
  /** The learning rate that a range test found for it and that presets begin with; null: theirs goes by its size. */
  foundRate: foundRateSchema.nullable().default(null),
  /** When it was taken in (UTC). */
  createdAt: z.iso.datetime()
})
export type Model = z.infer<typeof modelSchema>

/** What a look at a model folder shows before it is installed. */
export const modelLookSchema = modelSchema
  .pick({ role: true, architecture: true, parameters: true, hiddenSize: true, maxInputTokens: true, bytes: true })
  .extend({
    /** What of the folder is passed over, or read otherwise than somebody might expect. */
    notes: z.array(z.string()),
    /** Seconds that loading it and one pass took. */
    seconds: z.number()
  })
export type ModelLook = z.infer<typeof modelLookSchema>

/** What a look at a model on the hub shows before its weights are fetched. */
export const hubModelLookSchema = modelLookSchema.extend({
  /** Repository on the hub, as owner/name. */
  repo: z.string(),
  /** Branch, tag or commit that was looked at. */
  revision: z.string(),
  /** How many weights it has; null: they show when they have come. */
  parameters: z.int().nullable(),
  /** How many files are fetched. */
  files: z.int(),
  /** How many tensors its weights are; null: they show when they have come. */
  tensors: z.int().nullable(),
  /** Files of weights that the server does not give in parts, so that nobody has looked into them. */
  unseen: z.array(z.string()),
  /** Licence that the card names; null: none. */
  licence: textOrNone,
  /** Null where the repository has no README.md. */
  card: hubCardSchema.nullable()
})
export type HubModelLook = z.infer<typeof hubModelLookSchema>

export const indexSchema = z.object({
  /** Its id. */
  id: z.string(),
  /** Hash of everything that its numbers hang on; names its folder. */
  fingerprint: z.string(),
  /** Id of the data that are embedded. */
  datasetId: z.string(),
  /** Id of the model whose vectors they are. */
  modelId: z.string(),
  /** What its vectors are. */
  representation: z.enum(representationNames),
  /** What its vectors are made of: inputs alone, or inputs and answers. */
  over: z.enum(embeddedOver).default('input'),
  /** Numbers of a vector. */
  dimension: z.int(),
  /** How many vectors it has. */
  vectors: z.int(),
  /** Precision in which vectors are kept. */
  precision: z.enum(['fp32', 'fp16']),
  /** How it is searched: compared with every row, or through a graph of neighbours (HNSW). */
  search: z.enum(['exact', 'hnsw']),
  /** Share of the true ten nearest that the search finds, estimated on a sample; 1 for exact search. */
  recall: z.number(),
  /** Size on disk in bytes. */
  bytes: z.int(),
  /** How long building it took, in seconds. */
  seconds: z.number(),
  /** When it was built (UTC). */
  createdAt: z.iso.datetime()
})
export type Index = z.infer<typeof indexSchema>

/** One row of the catalog file in data/. Sizes in bytes, rounded; 0 where nobody publishes it. */
export const catalogEntrySchema = z.object({
  /** Its id in the catalog. */
  id: z.string(),
  /** What it is. */
  kind: z.enum(['dataset', 'model']),
  /** What it is called. */
  name: z.string(),
  /** What it is, in a sentence. */
  summary: z.string(),
  /** What it is good for, in a sentence. */
  goodFor: z.string(),
  /** What computer it needs, in words. */
  hardware: z.string(),
  /** Licence as its source names it, or unknown. */
  licence: z.string(),
  /** Size of the download in bytes. */
  bytes: z.int(),
  /** Where it comes from: a hub repository, a Google Drive folder, or shipped with the lab. */
  source: z.discriminatedUnion('type', [hubSourceSchema, driveSourceSchema, filesSourceSchema, bundledSourceSchema]),
  /** Models: what kind of model it is; null: it is data. */
  role: z.enum(['seq2seq', 'encoder', 'pair-classifier']).nullable(),
  /** Models: put before inputs and outputs; empty: nothing. */
  prefix: z.string(),
  /** Datasets: what they become in the lab. */
  as: datasetKindSchema.default('upstream'),
  /** Whether it is here already. */
  installed: z.boolean().default(false)
})
export type CatalogEntry = z.infer<typeof catalogEntrySchema>
