import { closeSync, openSync, writeSync } from 'node:fs'
import { Random } from '../src/main/random/random.ts'

/**
 * Writes `rows` vectors of length 1 that resemble sentence embeddings: clusters on a space of 32 dimensions, turned into
 * `dimension` numbers, with a little noise. Evenly spread random vectors would be far harder than any real text.
 */
export function writeVectors(path: string, rows: number, dimension: number, seed = 1): void {
  const random = new Random(seed)
  const latent = 32
  const clusters = 200
  const normals = (count: number, scale: number): Float32Array =>
    Float32Array.from({ length: count }, () => random.normal() * scale)
  const directions = normals(latent * dimension, 1 / Math.sqrt(latent))
  const centres = normals(clusters * latent, 1)
  const noise = normals(1 << 18, 0.15)
  const steps = normals(1 << 18, 0.8)
  const file = openSync(path, 'w')
  const block = new Float32Array(4096 * dimension)
  for (let first = 0; first < rows; first += 4096) {
    const count = Math.min(4096, rows - first)
    for (let row = 0; row < count; row++) {
      const vector = block.subarray(row * dimension, (row + 1) * dimension)
      const noiseAt = random.below(noise.length - dimension)
      const stepAt = random.below(steps.length - latent)
      const centre = random.below(clusters) * latent
      vector.set(noise.subarray(noiseAt, noiseAt + dimension))
      for (let l = 0; l < latent; l++) {
        const weight = centres[centre + l]! + steps[stepAt + l]!
        for (let d = 0; d < dimension; d++) vector[d] = vector[d]! + weight * directions[l * dimension + d]!
      }
      const length = Math.hypot(...vector)
      for (let d = 0; d < dimension; d++) vector[d] = vector[d]! / length
    }
    writeSync(file, new Uint8Array(block.buffer, 0, count * dimension * 4))
  }
  closeSync(file)
}
