/**
 * How exactly a model's linear layers are computed: `fp32`, or `fast`, with 8-bit products (weights by output channel, inputs by
 * row). What else a model computes stays in fp32 either way.
 */
export const precisions = ['fp32', 'fast'] as const
export type Precision = (typeof precisions)[number]
