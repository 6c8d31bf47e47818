import { estimateMining, estimateRetriever, estimateTraining } from '../features/reranking/estimate.ts'
import { keepReranking } from '../features/reranking/keep.ts'
import { mine } from '../features/reranking/mine.ts'
import { train, trainRetriever } from '../features/reranking/train.ts'
import type { Services } from '../features/services.ts'
import { os } from './base.ts'

export function rerankingRoutes(services: Services) {
  const { store } = services
  keepReranking(services)
  return os.reranking.router({
    minings: os.reranking.minings.handler(() => store.minings.list()),
    mining: os.reranking.mining.handler(({ input }) => store.minings.get(input.id)),
    estimateMining: os.reranking.estimateMining.handler(({ input, signal }) => estimateMining(services, input, signal)),
    mine: os.reranking.mine.handler(({ input }) => mine(services, input)),
    estimateTraining: os.reranking.estimateTraining.handler(({ input, signal }) =>
      estimateTraining(services, input, signal)
    ),
    train: os.reranking.train.handler(({ input }) => train(services, input)),
    estimateRetriever: os.reranking.estimateRetriever.handler(({ input }) => estimateRetriever(services, input)),
    trainRetriever: os.reranking.trainRetriever.handler(({ input }) => trainRetriever(services, input))
  })
}
