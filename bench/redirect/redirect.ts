import { PHONE_BROWSER, tapQuery } from "#test/builders/door.ts";
import { atLeastTimes, below, told } from "../lib/bench.ts";
import type { Bench, BenchOptions, BenchResult } from "../lib/bench.ts";
import { withDoors } from "../lib/doors.ts";
import type { Doors } from "../lib/doors.ts";
import type { PreparedRequest } from "../lib/load.ts";
import { alternate } from "../lib/rounds.ts";
import type { Summary } from "../lib/rounds.ts";

const SHOPS = 20;
const TAPS_PREPARED = 2_048;
const CONNECTIONS = [64, 256] as const;
const LEAST_OF_BARE = 0.2;
const P99_MS_MAX = 25;

/** Taps on links, each committed before its answer, beside a server that only answers. */
export const redirect: Bench = {
  name: "redirect",
  about: "signed proxy link, click committed, 302; beside a bare node:http server that stores nothing",
  run: (options) => withDoors("redirect", options, SHOPS, (doors) => measure(doors, options)),
};

async function measure(doors: Doors, options: BenchOptions): Promise<BenchResult[]> {
  const bare = await doors.startBaseline("bench/redirect/bare-server.ts");
  const results: BenchResult[] = [];
  for (const connections of CONNECTIONS) {
    options.say(`${connections} connections`);
    const run = (port: number) => () =>
      doors.load.run({ port, connections, seconds: options.seconds, requests: preparedTaps(doors), status: 302 });
    const { ours, theirs } = await alternate(
      {
        ours: { pids: [doors.webPid, doors.postgresPid], run: run(doors.webPort) },
        theirs: { pids: [bare.pid], run: run(bare.port) },
      },
      options.rounds,
      options.say,
    );
    results.push(...resultsOf(connections, ours, theirs));
  }
  return results;
}

function resultsOf(connections: number, ours: Summary, bare: Summary): BenchResult[] {
  const p99 = { name: `p99 at ${connections}`, value: ours.p99, unit: "ms", baseline: bare.p99 };
  return [
    atLeastTimes(
      { name: `redirects at ${connections}`, value: ours.perSecond, unit: "/s", baseline: bare.perSecond },
      LEAST_OF_BARE,
    ),
    connections === CONNECTIONS[0] ? below(p99, P99_MS_MAX) : told(p99),
    told({ name: `p50 at ${connections}`, value: ours.p50, unit: "ms", baseline: bare.p50 }),
    told({ name: `CPU of a redirect at ${connections}`, value: ours.cpuMicros, unit: "µs", baseline: bare.cpuMicros }),
  ];
}

/** Signed a moment before they are sent: Shopify's signature is good for a minute and a half. */
function preparedTaps({ shops }: Doors): PreparedRequest[] {
  return Array.from({ length: TAPS_PREPARED }, (_, index) => {
    const shop = shops[index % shops.length];
    if (shop === undefined) throw new Error("there is no shop to tap in");
    const query = tapQuery({ shop: shop.domain, extra: [["utm", String(index)]] });
    const headers = {
      "user-agent": PHONE_BROWSER,
      "x-forwarded-for": `10.${index >> 8}.${index & 255}.7`, // a network each, so that nobody is a flood
      referer: "https://chat.example/group",
    };
    return { method: "GET", path: `/proxy/${shop.code}?${query}`, headers, body: "", freshId: null };
  });
}
