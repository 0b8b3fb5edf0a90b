import { setTimeout as sleep } from "node:timers/promises";
import { addressOf, signUp, takeLink, tap } from "../journey/actors.ts";
import type { Shop } from "../journey/actors.ts";
import type { Calls } from "./calls.ts";

const AT_ONCE = 3;
const PAUSE_MS = 15;
/** Their own numbers, apart from the people of the waves. */
const FIRST_VISITOR = 90_000;

/** People who tap a link and never sign up: the doors are busy at every moment, also while the waves wait for the worker. */
export function startVisitors(shops: readonly Shop[], calls: Calls): { stop(): Promise<void> } {
  let isWanted = true;
  async function visit(shop: Shop, first: number): Promise<void> {
    const owner = await signUp(shop, { firstName: "Poster", seed: first, pastOrders: 1 });
    const link = await calls.untilDone(() => takeLink(shop, owner));
    for (let number = first + 1; isWanted; number += 1) {
      await calls.untilDone(() => tap(shop, String(link["code"]), { ip: addressOf(number) }));
      await sleep(PAUSE_MS);
    }
  }
  const visiting = Promise.all(
    shops.slice(0, AT_ONCE).map((shop, index) => visit(shop, FIRST_VISITOR + index * 10_000)),
  );
  visiting.catch(() => undefined); // heard when it is stopped
  return {
    async stop() {
      isWanted = false;
      await visiting;
    },
  };
}
