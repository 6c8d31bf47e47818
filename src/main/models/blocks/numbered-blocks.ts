/** The names of a stack's blocks that are counted from 0: `encoder.layer.0`, `encoder.layer.1`, … */
export function numberedBlocks(stack: string, layers: number): string[] {
  return Array.from({ length: layers }, (_, layer) => `${stack}.${layer}`)
}
