/**
 * How exactly a model's linear layers are computed: `fp32`, or `fast`, with 8-bit products (weights by output channel, inputs by
 * row). What else a model computes stays in fp32 either way.
 */
export const precisions = ['fp32', 'fast'] as const
export type Precision = (typeof precisions)[number]

/** While tuning also `half`: on a device, products in 16 bits and all else in fp32, with a loss that is scaled. */
export const tunePrecisions = [...precisions, 'half'] as const
export type TunePrecision = (typeof tunePrecisions)[number]
