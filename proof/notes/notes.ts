import { bind, buy, letTimePass, signUp, takeLink, tap } from "../journey/actors.ts";
import type { Person, Shop } from "../journey/actors.ts";
import { control, openAdminPage, settle } from "../journey/http.ts";
import { countFlag } from "../lib/proof.ts";
import type { Proof, ProofOptions, ProofReport } from "../lib/proof.ts";
import { COOLING_OFF_OVER, settleBacklog } from "../lib/settle-world.ts";
import { withTestBed } from "../lib/test-bed.ts";
import type { TestBed } from "../lib/test-bed.ts";
import { openShops } from "../load/shops.ts";
import { createObserver } from "../oracle/observer.ts";
import { startHoldingServer } from "./holding-server.ts";
import type { HoldingServer } from "./holding-server.ts";

const KILLS = 50;
const KILLS_SHORT = 2;
const LEASE_MS = 2_000;
/** Each friend brings two notes; a few more than the kills need, so that some go out in peace. */
const SPARE_FRIENDS = 2;
/** Longer than a claim stands before it is called lost. */
const CLAIM_IS_LOST = "PT11M";

/** What the merchant's page lists at most. */
const SHOWN_MAX = 200;

/** kill -9 of the worker after a mail was taken and before anybody wrote that down: no note goes out twice, each unknown one is shown. */
export const notes: Proof = {
  name: "notes",
  about: "kill -9 of the worker between sending a note and marking it: --kills N",
  least: { kills: 2, unknown: 2, sentInPeace: 2 },
  leastFull: { kills: 50 },
  async run(options) {
    const kills = countFlag(options, "kills", options.short ? KILLS_SHORT : KILLS);
    const server = await startHoldingServer();
    const appEnv = {
      JOB_LEASE_MS: String(LEASE_MS),
      SMTP_URL: `smtp://127.0.0.1:${String(server.port)}`,
      ANTHROPIC_API_KEY: "",
    };
    const bedOptions = { name: "notes", firstPort: options.firstPort, redis: false, appEnv, say: options.say };
    try {
      return await withTestBed(bedOptions, (bed) => killSenders(bed, options, { server, kills }));
    } finally {
      await server.close();
    }
  },
};

async function killSenders(
  bed: TestBed,
  { say }: ProofOptions,
  { server, kills }: { server: HoldingServer; kills: number },
): Promise<ProofReport> {
  const [shop] = await openShops(bed.target, 1, "notes");
  if (shop === undefined) throw new Error("a shop was asked for");
  const friends = Math.ceil(kills / 2) + SPARE_FRIENDS;
  await referFriends(shop, friends, say);
  await control(bed.target, "POST", "clock", { advance: COOLING_OFF_OVER });
  for (let killed = 0; killed < kills; killed += 1) {
    await server.untilHeld(killed);
    await bed.kill("worker");
    await bed.restart("worker");
    say(`  kill ${String(killed + 1)}: a mail was taken, and nobody wrote it down`);
  }
  server.answer();
  await settleBacklog(bed.target);
  await control(bed.target, "POST", "clock", { advance: CLAIM_IS_LOST });
  await settleBacklog(bed.target);
  return reportOn(bed, shop, { server, kills, wanted: friends * 2 });
}

/** As many friends, each with a referrer of their own, so that no cap stands in the way. */
async function referFriends(shop: Shop, count: number, say: (line: string) => void): Promise<void> {
  const carts: { friend: Person; token: string }[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const referrer = await signUp(shop, { firstName: "Rita", seed: 2 * nth + 300, pastOrders: 1 });
    const link = await takeLink(shop, referrer);
    const token = await tap(shop, String(link["code"]), { ip: `198.51.100.${String((nth % 250) + 1)}` });
    const friend = await signUp(shop, { firstName: "Finn", seed: 2 * nth + 301 });
    await bind(shop, friend, [token]);
    carts.push({ friend, token });
  }
  // An order within seconds of its tap would wait for a person.
  await letTimePass(shop, "PT1H");
  for (const { friend, token } of carts) await buy(shop, friend, [token]);
  await settle(shop.target);
  say(`  ${String(count)} friends have bought`);
}

async function reportOn(
  bed: TestBed,
  shop: Shop,
  { server, kills, wanted }: { server: HoldingServer; kills: number; wanted: number },
): Promise<ProofReport> {
  const observer = createObserver(bed.databaseUrl);
  const states = await observer.query("SELECT state, count(*)::int AS notes FROM notes GROUP BY state");
  await observer.close();
  const twice = [...server.taken.values()].filter((times) => times > 1).length;
  const countOf = (state: string): number => Number(states.find((row) => row["state"] === state)?.["notes"] ?? 0);
  const unknown = countOf("unknown");
  const page = await openAdminPage(bed.target, shop.domain, "/app/words");
  const shown = page.split('"state":"unknown"').length - 1;
  const isShown = shown === Math.min(unknown, SHOWN_MAX);
  const lost = wanted - countOf("sent") - unknown;
  return {
    attempted: kills,
    violations: twice + lost + (unknown === server.held.length ? 0 : 1) + (isShown ? 0 : 1),
    inconclusive: 0,
    kills,
    notes: wanted,
    sentTwice: twice,
    unknown,
    shown,
    sentInPeace: countOf("sent"),
    lost,
  };
}
