import type { AnySchema, ContractRouterClient, InferSchemaOutput } from '@orpc/contract'
import type { Contract } from './routes.ts'

/** The backend as callers see it, over whichever transport. What it throws, `fromCall` makes a LabError of. */
export type Client = ContractRouterClient<Contract>

/** What the handler of a route is given, defaults put in: `Asked<Contract['indices']['retrieve']>`. */
export type Asked<
  Route extends {
    /** What the router knows of a route. */
    '~orpc': {
      /** Schema of what the route is asked with. */
      inputSchema?: AnySchema | undefined
    }
  }
> = InferSchemaOutput<NonNullable<Route['~orpc']['inputSchema']>>
