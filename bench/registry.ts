import { admin } from "./admin/admin.ts";
import { intake } from "./intake/intake.ts";
import type { Bench } from "./lib/bench.ts";
import { payout } from "./payout/payout.ts";
import { pipeline } from "./pipeline/pipeline.ts";
import { redirect } from "./redirect/redirect.ts";
import { screen } from "./screen/screen.ts";
import { storefront } from "./storefront/storefront.ts";

/** Every bench there is. */
export const BENCHES: readonly Bench[] = [redirect, intake, payout, pipeline, screen, admin, storefront];
