import pg from "pg";
import { createPools } from "../../app/data/pools.ts";
import type { Pools } from "../../app/data/pools.ts";
import { newId } from "../../app/platform/ids.ts";
import { cloneDatabase, dropTestDatabase } from "../../test/harness/cluster.ts";
import type { TestCluster } from "../../test/harness/cluster.ts";

const CONNECTIONS_MAX = 24;

/** A migrated database that may be broken at will: as the app sees it, and as its owner. */
export type Scratch = { readonly databaseUrl: string; readonly pools: Pools; readonly owner: pg.Pool };

/** Gives `work` a database of its own and throws it away again. */
export async function onScratch<Result>(
  cluster: Pick<TestCluster, "templateUrl">,
  work: (scratch: Scratch) => Promise<Result>,
): Promise<Result> {
  const databaseUrl = await cloneDatabase(cluster.templateUrl, `mutant_${newId().replaceAll("-", "")}`);
  const pools = createPools({ databaseUrl, connectionsMax: CONNECTIONS_MAX });
  const owner = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  owner.on("error", () => undefined); // dropping the database ends whatever is idle
  try {
    return await work({ databaseUrl, pools, owner });
  } finally {
    await Promise.all([pools.end(), owner.end()]);
    await dropTestDatabase(databaseUrl);
  }
}
