import { randomBytes } from "node:crypto";
import { noteOrder } from "../../app/data/people.repo.ts";
import type { KnownShop } from "../../app/data/shop-directory.repo.ts";
import { inShop } from "../../app/data/tenant.ts";
import { createKeys } from "../../app/platform/keys.ts";
import { createShopKeyring } from "../../app/platform/shop-keyring.ts";
import { identifyPerson } from "../../app/usecases/identify-person.ts";
import { mintLink } from "../../app/usecases/mint-link.ts";
import type { ShopifyAdmin } from "../../app/usecases/ports.ts";
import { buildWorld, TIMES } from "../../test/harness/world.ts";
import { AT_ONCE } from "./attack.ts";
import type { Attack } from "./attack.ts";

/** Twenty first asks of one customer, through the use case itself. */
export const mint: Attack = {
  name: "twenty mints for one customer",
  guard: "one_active_code",
  gate: "codes",
  async prepare(pools) {
    const { shopId } = await buildWorld(pools);
    const keyring = createShopKeyring(randomBytes(32));
    const customerId = "5153779450030";
    const hashes = { customerHash: keyring.person("customer", customerId), emailHash: null, phoneHash: null };
    const personId = await inShop(pools, shopId, async (tx) => {
      const person = await identifyPerson(tx, { shopId, hashes, now: TIMES.clicked });
      if (person === null) throw new Error("a customer id identifies");
      await noteOrder(tx, shopId, person, TIMES.clicked);
      return person;
    });
    const shop: KnownShop = {
      shopId,
      domain: "mutants.myshopify.com",
      name: "Mutants",
      domains: ["mutants.myshopify.com"],
      primaryOrigin: "https://mutants.myshopify.com",
      currency: "GBP",
      exponent: 2,
      language: "en",
      installed: true,
      payoutsPaused: null,
      keyring,
    };
    const deps = {
      pools,
      clock: { now: () => TIMES.opened },
      keys: createKeys({ dataKey: randomBytes(32) }),
      admin: NOBODY_ASKS,
      ringOutbox: () => undefined,
    };
    return {
      shopId,
      works: Array.from({ length: AT_ONCE }, () => () => mintLink(deps, { shop, customerId, device: null })),
      count: {
        text: "SELECT count(*)::int AS count FROM codes WHERE shop_id = $1 AND person_id = $2 AND state = 'active'",
        values: [shopId, personId],
      },
    };
  },
};

/** That the customer bought is known, so Shopify is not asked. */
const NOBODY_ASKS: ShopifyAdmin = {
  forShop: () => {
    throw new Error("a mint for a known buyer asks nobody");
  },
};
