import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";

import { type Prisma, PrismaClient } from "./generated/index.js";

const TRANSACTION_TIMEOUT_MS = 10_000;
const CONNECTION_WAIT_MS = 5_000;

/**
 * The typed client for read models, over a pool that exists already.
 *
 * @param pool The pool of gw_app: its session time zone is UTC, which the adapter takes for granted.
 */
export function createPrisma(pool: pg.Pool): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: "minimal" });
}

/**
 * Runs reads in one transaction that sees the rows of one shop and no others.
 *
 * @param prisma From `createPrisma`.
 * @param shopId The tenant.
 * @param read What to read; its result is returned.
 */
export async function forShop<Result>(
  prisma: PrismaClient,
  shopId: string,
  read: (tx: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result> {
  return prisma.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT set_config('app.shop_id', ${shopId}, true)`;
      return read(tx);
    },
    { timeout: TRANSACTION_TIMEOUT_MS, maxWait: CONNECTION_WAIT_MS },
  );
}
