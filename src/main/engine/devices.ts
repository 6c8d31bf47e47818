/** What each execution provider is to the graphs: which operators to write, and where tensors live. */
import type { Target } from '../graph/index.ts'
import type { Provider } from '../contract/providers.ts'

/** The operators to write. The CPU has fused ones that other providers would hand back to it. */
export function targetOf(provider: Provider): Target {
  return provider === 'cpu' ? 'cpu' : 'gpu'
}

/** True where weights, moments and caches stay on the device between runs. */
export function keepsTensors(provider: Provider): boolean {
  return provider === 'webgpu'
}
