import { newId } from "#app/platform/ids.ts";
import { webhookHeaders } from "#test/builders/door.ts";
import { atLeast, atLeastTimes, below, told } from "../lib/bench.ts";
import type { Bench, BenchOptions, BenchResult } from "../lib/bench.ts";
import { withDoors } from "../lib/doors.ts";
import type { Doors } from "../lib/doors.ts";
import type { PreparedRequest } from "../lib/load.ts";
import { alternate } from "../lib/rounds.ts";
import type { Summary } from "../lib/rounds.ts";
import { orderBodies } from "./bodies.ts";
import type { BodySize } from "./bodies.ts";

const SHOPS = 20;
const BODIES = 2_048;
const CONNECTIONS = 256;
/** What a published referral engine takes in, on a cluster of Kafka, PostgreSQL and Redis: events a second. */
const PUBLISHED_PER_SECOND = 12_400;
const LEAST: Readonly<Record<BodySize, number>> = { "2 KB": 12_400, "8 KB": 8_000 };
const TIMES_STOCK = 18;
const P99_MS_MAX = 60;
const SIZES: readonly BodySize[] = ["2 KB", "8 KB"];

/** Webhooks in, each committed before its answer, beside the stock way of taking them. */
export const intake: Bench = {
  name: "intake",
  about: "orders/paid of 2 and 8 KB: HMAC, facts, commit, 200; beside authenticate.webhook and a Prisma insert",
  run: (options) => withDoors("intake", options, SHOPS, (doors) => measure(doors, options)),
};

async function measure(doors: Doors, options: BenchOptions): Promise<BenchResult[]> {
  const stock = await doors.startBaseline("bench/intake/stock-server.ts", {
    BENCH_SHOPS: doors.shops.map((shop) => shop.domain).join(","),
  });
  const results: BenchResult[] = [];
  for (const size of SIZES) {
    options.say(`bodies of ${size}`);
    const requests = preparedDeliveries(doors, size);
    const run = (port: number) => () =>
      doors.load.run({ port, connections: CONNECTIONS, seconds: options.seconds, requests, status: 200 });
    const { ours, theirs } = await alternate(
      {
        ours: { pids: [doors.webPid, doors.postgresPid], run: run(doors.webPort) },
        theirs: { pids: [stock.pid, doors.postgresPid], run: run(stock.port) },
      },
      options.rounds,
      options.say,
    );
    results.push(...resultsOf(size, ours, theirs));
  }
  return results;
}

function resultsOf(size: BodySize, ours: Summary, stock: Summary): BenchResult[] {
  const rate = { value: ours.perSecond, unit: "/s" };
  return [
    atLeast({ name: `${size} taken in`, ...rate, baseline: PUBLISHED_PER_SECOND }, LEAST[size]),
    atLeastTimes({ name: `${size} beside the stock way`, ...rate, baseline: stock.perSecond }, TIMES_STOCK),
    below({ name: `${size} p99 at ${CONNECTIONS}`, value: ours.p99, unit: "ms", baseline: stock.p99 }, P99_MS_MAX),
    told({ name: `${size} CPU of a delivery`, value: ours.cpuMicros, unit: "µs", baseline: stock.cpuMicros }),
  ];
}

function preparedDeliveries({ shops }: Doors, size: BodySize): PreparedRequest[] {
  return orderBodies(size, BODIES).map((body, index) => {
    const shop = shops[index % shops.length];
    if (shop === undefined) throw new Error("there is no shop to deliver to");
    const freshId = newId();
    const headers = webhookHeaders(body, { shop: shop.domain, topic: "orders/paid", webhookId: freshId });
    return {
      method: "POST",
      path: "/webhooks",
      headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
      body,
      freshId,
    };
  });
}
