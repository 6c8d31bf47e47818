/**
 * In how many bits a model's linear layers lie in memory: `full`, in fp32, or rounded once while the model is loaded. Rounded ones
 * are not trained; LoRA adapters beside them are (QLoRA: Dettmers et al., 2023). Tables, norms and heads stay in fp32 either way.
 */
export const baseWeights = ['full', '8-bit', '4-bit'] as const
export type BaseWeights = (typeof baseWeights)[number]
export type RoundedWeights = Exclude<BaseWeights, 'full'>
