/** Settings that cannot work are refused before anything is loaded or computed. */
import { LabError } from '../../contract/error.ts'
import type { TrainSettings } from '../engine.ts'

interface Rule {
  holds: (settings: TrainSettings) => boolean
  says: string
}

const whole = (value: number, least: number): boolean => Number.isSafeInteger(value) && value >= least

const rules: readonly Rule[] = [
  { holds: (s) => Number.isFinite(s.learningRate) && s.learningRate > 0, says: 'learningRate must be above 0' },
  { holds: (s) => Number.isFinite(s.weightDecay) && s.weightDecay >= 0, says: 'weightDecay must be at least 0' },
  { holds: (s) => Number.isFinite(s.epsilon) && s.epsilon > 0, says: 'epsilon must be above 0' },
  { holds: (s) => (s.betas ?? []).every((beta) => beta >= 0 && beta < 1), says: 'betas must lie between 0 and 1' },
  { holds: (s) => whole(s.epochs, 1), says: 'epochs must be a whole number of at least 1' },
  { holds: (s) => whole(s.batchSize, 1), says: 'batchSize must be a whole number of at least 1' },
  { holds: (s) => whole(s.accumulation, 1), says: 'accumulation must be a whole number of at least 1' },
  {
    holds: (s) => s.maxSteps === undefined || whole(s.maxSteps, 1),
    says: 'maxSteps must be a whole number of at least 1'
  },
  { holds: (s) => whole(s.warmupSteps, 0), says: 'warmupSteps must be a whole number of at least 0' },
  { holds: (s) => s.clipNorm === null || s.clipNorm > 0, says: 'clipNorm must be above 0, or null for no clipping' },
  { holds: (s) => s.labelSmoothing >= 0 && s.labelSmoothing < 1, says: 'labelSmoothing must lie from 0 to below 1' },
  {
    holds: (s) => s.dropout === null || (s.dropout >= 0 && s.dropout < 1),
    says: 'dropout must lie from 0 to below 1, or be null'
  },
  { holds: (s) => whole(s.maxInputTokens, 1), says: 'maxInputTokens must be a whole number of at least 1' },
  { holds: (s) => whole(s.maxOutputTokens, 1), says: 'maxOutputTokens must be a whole number of at least 1' },
  { holds: (s) => Number.isSafeInteger(s.seed), says: 'seed must be a whole number' },
  {
    holds: (s) => s.method !== 'last-blocks' || whole(s.lastBlocks ?? 1, 1),
    says: 'lastBlocks must be a whole number of at least 1'
  },
  {
    holds: (s) => !s.lora || (whole(s.lora.rank, 1) && s.lora.alpha > 0),
    says: 'the rank of LoRA must be at least 1 and its alpha above 0'
  },
  {
    holds: ({ earlyStopping: e }) => !e || (whole(e.heldOut, 1) && whole(e.everySteps, 1) && whole(e.patience, 1)),
    says: 'heldOut, everySteps and patience of early stopping must be whole numbers of at least 1'
  }
]

/** @throws LabError `bad-settings`, naming every field that is wrong */
export function checkSettings(settings: TrainSettings): void {
  const broken = rules.filter(({ holds }) => !holds(settings)).map(({ says }) => says)
  if (broken.length > 0)
    throw new LabError('bad-settings', `Training cannot start: ${broken.join('; ')}.`, { details: { broken } })
}
