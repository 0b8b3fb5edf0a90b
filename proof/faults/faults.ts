import { asObject, control, JourneyFailed } from "../journey/http.ts";
import type { Target } from "../journey/http.ts";
import type { Proof, ProofOptions, ProofReport } from "../lib/proof.ts";
import { createRandom } from "../lib/random.ts";
import { COOLING_OFF_OVER, settleBacklog } from "../lib/settle-world.ts";
import { withTestBed } from "../lib/test-bed.ts";
import type { TestBed } from "../lib/test-bed.ts";
import { createCalls } from "../load/calls.ts";
import { openShops } from "../load/shops.ts";
import { buyAll, playUntilBound } from "../load/wave.ts";
import { judgeWorld, simulatedNow } from "../oracle/gather.ts";
import { createObserver } from "../oracle/observer.ts";
import type { Observer } from "../oracle/observer.ts";

const SIZE = { shops: 16, friendsPerShop: 8 };
const SIZE_SHORT = { shops: 4, friendsPerShop: 2 };
/** Simulated minutes between two looks at what is left; work that failed comes back within ten of them. */
const STEP = "PT11M";
const STEPS_MAX = 180;
/**
 * After so many steps, and once every kind of fault has struck, nothing goes wrong any more: what is left by then has to find
 * its way out of what happened. A slow machine does less in a step, so there is a most as well.
 */
const STEPS_FAULTY = { least: 40, most: 120 };
const LOOK_MS = 1_000;
/** Between two steps, work that comes back within so long is met in simulated time at once. */
const SKIPPED_WAIT_MS = 60_000;
/** An answer that comes too late: the connection ends after so long. */
const LATE_MS = 150;

type Fault = {
  readonly route: string;
  readonly kind: string;
  readonly rate: number;
  readonly count?: number;
  readonly ms?: number;
};

/** First each fault once for certain, where it hurts; then all of them at their rates, at any call. */
const FAULTS: readonly Fault[] = [
  { route: "graphql:discountCodeBasicCreate", kind: "timeout_after_apply", rate: 1, count: 2, ms: LATE_MS },
  { route: "graphql:discountRedeemCodeBulkAdd", kind: "timeout_after_apply", rate: 1, count: 3, ms: LATE_MS },
  { route: "graphql:codeDiscountNodeByCode", kind: "not_found", rate: 1, count: 3 },
  { route: "graphql:nodes", kind: "401", rate: 1, count: 2 },
  { route: "oauth:refresh", kind: "refresh_response_lost", rate: 1, count: 2 },
  { route: "graphql", kind: "5xx", rate: 0.2 },
  { route: "graphql", kind: "throttled", rate: 0.3 },
  { route: "graphql", kind: "timeout_after_apply", rate: 0.1, ms: LATE_MS },
  { route: "graphql:codeDiscountNodeByCode", kind: "not_found", rate: 0.3 },
  { route: "graphql", kind: "401", rate: 0.05 },
  { route: "oauth:refresh", kind: "refresh_response_lost", rate: 0.3 },
];
const KINDS = ["5xx", "throttled", "timeout_after_apply", "not_found", "401", "refresh_response_lost"] as const;

/** Shopify at its worst while rewards are paid: each ends issued once or as a case, and no code is there that nobody knows. */
export const faults: Proof = {
  name: "faults",
  about:
    "5xx, THROTTLED, answers lost after the deed, codes that exist and are not shown, tokens that end, lost renewals",
  least: { referrals: 8, rewards: 16, entries: 32, kindsThatStruck: KINDS.length, adopted: 1 },
  async run(options) {
    const bedOptions = { name: "faults", firstPort: options.firstPort, redis: false, say: options.say };
    return withTestBed(bedOptions, (bed) => play(bed, options));
  },
};

async function play(bed: TestBed, options: ProofOptions): Promise<ProofReport> {
  const { target } = bed;
  const { shops: shopCount, friendsPerShop } = options.short ? SIZE_SHORT : SIZE;
  const observer = createObserver(bed.databaseUrl);
  const random = createRandom(options.seed);
  try {
    const shops = await openShops(target, shopCount, "faults");
    const wave = { target, shops, friendsPerShop, firstPerson: 1, calls: createCalls(), random };
    const { friends } = await playUntilBound(wave);
    const orders = await buyAll(friends, random);
    await settleBacklog(target);
    for (const fault of FAULTS) await control(target, "POST", "faults", fault);
    await control(target, "POST", "clock", { advance: COOLING_OFF_OVER });
    const steps = await untilPaid(target, observer, options);
    // The last step made more due than what is paid by: nothing of it is late, but it has to be given its time.
    await settleBacklog(target);
    const struck = asObject(await control(target, "GET", "faults/struck"));
    const judgement = await judgeWorld({ observer, shops, orders });
    for (const finding of judgement.findings) options.say(`  ✗ ${finding}`);
    return {
      attempted: orders.length,
      violations: judgement.lost + judgement.doubled + judgement.checkRows,
      inconclusive: 0,
      referrals: orders.length,
      rewards: judgement.paidOnce * 2,
      paidOnce: judgement.paidOnce,
      lost: judgement.lost,
      doubled: judgement.doubled,
      checkRows: judgement.checkRows,
      entries: judgement.entries,
      kindsThatStruck: KINDS.filter((kind) => Number(struck[kind] ?? 0) > 0).length,
      struck,
      adopted: await adoptedCodes(observer),
      simulatedMinutes: steps * 11,
      findings: judgement.findings,
    };
  } finally {
    await observer.close();
  }
}

/** Lets time pass until nothing is left to be done for a reward. @returns after how many steps that was */
async function untilPaid(target: Target, observer: Observer, { say }: ProofOptions): Promise<number> {
  for (let step = 1; step <= STEPS_MAX; step += 1) {
    const isEnough = step >= STEPS_FAULTY.least && (await haveAllStruck(target));
    if (isEnough || step === STEPS_FAULTY.most) await control(target, "DELETE", "faults");
    // Under faults there is always something that comes back in a moment: it is not waited for.
    await control(target, "GET", `settled?timeoutMs=${LOOK_MS}&skipMs=${SKIPPED_WAIT_MS}`);
    const left = await observer.query(
      "SELECT count(*)::int AS left FROM outbox WHERE state = 'new' AND topic IN ('referral.settle', 'reward.fulfil', 'note.send')",
    );
    if (Number(left[0]?.["left"]) === 0) {
      await control(target, "DELETE", "faults");
      return step;
    }
    if (step % 10 === 0) say(`  ${String(left[0]?.["left"])} pieces of work left`);
    await control(target, "POST", "clock", { advance: STEP });
  }
  throw new JourneyFailed(`work is left after ${STEPS_MAX} steps, at ${(await simulatedNow(target)).toISOString()}`);
}

async function haveAllStruck(target: Target): Promise<boolean> {
  const struck = asObject(await control(target, "GET", "faults/struck"));
  return KINDS.every((kind) => Number(struck[kind] ?? 0) > 0);
}

/** Rewards whose first call was made, whose answer never came, and whose code is in the shop. */
async function adoptedCodes(observer: Observer): Promise<number> {
  const [row] = await observer.query(
    "SELECT count(*)::int AS adopted FROM outbox WHERE topic = 'reward.fulfil' AND state = 'done' AND attempts > 1",
  );
  return Number(row?.["adopted"] ?? 0);
}
