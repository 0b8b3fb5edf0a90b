import type { ReachPath } from "./path.ts";
import { CARRIER_PATHS } from "./paths-carriers.ts";
import { CLAIM_PATHS } from "./paths-claims.ts";
import { LOSING_PATHS } from "./paths-losing.ts";
import { ORDER_PATHS } from "./paths-orders.ts";
import { PEOPLE_PATHS } from "./paths-people.ts";

/** Every path, in the order of the table. */
export const PATHS: readonly ReachPath[] = [
  ...CARRIER_PATHS,
  ...CLAIM_PATHS,
  ...ORDER_PATHS,
  ...PEOPLE_PATHS,
  ...LOSING_PATHS,
];
