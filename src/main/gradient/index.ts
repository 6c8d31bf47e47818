/**
 * The backward pass: a table of rules, one row for each differentiable op, and one walk that applies them. The gradient of a
 * graph is more nodes in the same graph, so that training is inference on a larger graph. Builds on `graph/` alone.
 */
export { backward } from './backward.ts'
export { type DifferentiableOp } from './rules.ts'
