import { setTimeout as sleep } from "node:timers/promises";
import type { Shop } from "../journey/actors.ts";
import { control } from "../journey/http.ts";
import type { Target } from "../journey/http.ts";
import { createRandom } from "../lib/random.ts";
import { COOLING_OFF_OVER } from "../lib/settle-world.ts";
import type { TestBed } from "../lib/test-bed.ts";
import type { Calls } from "../load/calls.ts";
import { startVisitors } from "../load/visitors.ts";
import { buyAll, playUntilBound } from "../load/wave.ts";
import type { PaidOrder } from "../load/wave.ts";
import { simulatedNow } from "../oracle/gather.ts";
import type { Observer } from "../oracle/observer.ts";

const FRIENDS_PER_SHOP = 4;
/** Rows that may wait while another wave begins; more would only make the end longer, not the kills harder. */
const BACKLOG_ROWS_MAX = 60;
const BACKLOG_LOOKS_MAX = 600;
const BACKLOG_LOOK_MS = 100;

/** Waves of people that come until somebody stops them. */
export type Load = {
  /** Whether it came to an end of its own, by a failure. */
  hasFailed(): boolean;
  /** Lets the last wave come to its end. @returns what was bought; @throws what it failed with */
  stop(): Promise<PaidOrder[]>;
};

/** One wave after another; while the rewards of one are paid, the people of the next are on their way. */
export function startLoad(world: {
  bed: TestBed;
  shops: readonly Shop[];
  calls: Calls;
  seed: number;
  observer: Observer;
}): Load {
  const random = createRandom(world.seed);
  const { target } = world.bed;
  const orders: PaidOrder[] = [];
  let isWanted = true;
  let failure: unknown;
  async function play(): Promise<void> {
    let firstPerson = 1;
    while (isWanted) {
      const { friends, nextPerson } = await playUntilBound({
        ...world,
        target,
        friendsPerShop: FRIENDS_PER_SHOP,
        firstPerson,
        random,
      });
      orders.push(...(await buyAll(friends, random)));
      await control(target, "POST", "clock", { advance: COOLING_OFF_OVER });
      firstPerson = nextPerson;
      await backlogShrinks(target, world.observer, () => isWanted);
    }
  }
  const visitors = startVisitors(world.shops, world.calls);
  const playing = play().catch((error: unknown) => {
    failure = error;
  });
  return {
    hasFailed: () => failure !== undefined,
    async stop(): Promise<PaidOrder[]> {
      isWanted = false;
      await playing;
      await visitors.stop();
      if (failure !== undefined) throw failure;
      return orders;
    },
  };
}

async function backlogShrinks(target: Target, observer: Observer, isWanted: () => boolean): Promise<void> {
  for (let looks = 0; looks < BACKLOG_LOOKS_MAX && isWanted(); looks += 1) {
    // While the database is away nobody can tell.
    const rows = await dueRows(target, observer).catch(() => BACKLOG_ROWS_MAX + 1);
    if (rows <= BACKLOG_ROWS_MAX) return;
    await sleep(BACKLOG_LOOK_MS);
  }
}

async function dueRows(target: Target, observer: Observer): Promise<number> {
  return observer.dueRows(await simulatedNow(target));
}
