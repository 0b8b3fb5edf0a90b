import pg from "pg";
import { dropClickPartitions, ensureClickPartitions } from "./click-partitions.ts";

const DAY_MS = 86_400_000;
/** The longest window, the longest cooling-off, and 90 days: no rule looks at a click that is older. */
const KEPT_MS = (45 + 30 + 90) * DAY_MS;

/**
 * Makes the coming partitions of clicks and drops those past their time, over a connection of the tables' owner.
 * @param databaseUrl of the role that ran the migrations
 */
export async function keepClickPartitions(databaseUrl: string, now: Date): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await ensureClickPartitions(client, now);
    await dropClickPartitions(client, new Date(now.getTime() - KEPT_MS));
  } finally {
    await client.end();
  }
}
