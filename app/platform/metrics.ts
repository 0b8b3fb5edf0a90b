import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const ROWS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000];

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Makes the registry and everything the app counts. Labels come from closed sets only, never from a shop, a person or
 * a request, so that neither the number of series nor their names depend on who calls.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];

  function counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers });
  }
  function histogram<Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: Label[],
  ): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets, registers });
  }

  return {
    registry,
    linkTaps: counter("goodword_link_taps_total", "Taps on links, by how they were answered", ["outcome"]),
    webhooks: counter("goodword_webhooks_total", "Webhook deliveries, by topic and answer", ["topic", "outcome"]),
    pixels: counter("goodword_pixels_total", "Pixel events, by answer", ["outcome"]),
    committedRows: histogram("goodword_group_commit_rows", "Rows that one commit of a door carried", ROWS, ["table"]),
    commitSeconds: histogram("goodword_group_commit_seconds", "Time of one commit of a door", SECONDS, ["table"]),
    commitFallbacks: counter(
      "goodword_group_commit_fallbacks_total",
      "Batches that failed and were stored row by row",
      ["table"],
    ),
    inboxRows: counter("goodword_inbox_rows_total", "Inbox rows worked on, by topic and verdict", ["topic", "outcome"]),
    outboxRows: counter("goodword_outbox_rows_total", "Outbox rows worked on, by topic and verdict", [
      "topic",
      "outcome",
    ]),
    adminCalls: counter("goodword_admin_calls_total", "Calls of Shopify's Admin API", ["operation", "outcome"]),
    adminSeconds: histogram("goodword_admin_seconds", "Time of one call of Shopify's Admin API", SECONDS, [
      "operation",
    ]),
    notes: counter("goodword_notes_total", "Notes, by what became of them", ["outcome"]),
    checkFindings: new Gauge({
      name: "goodword_check_findings",
      help: "What each invariant check finds now, over all shops; anything but 0 is a fault",
      labelNames: ["check"],
      registers,
    }),
    oldestDueSeconds: new Gauge({
      name: "goodword_oldest_due_seconds",
      help: "Age of the oldest row that is due",
      labelNames: ["table"],
      registers,
    }),
  };
}

/**
 * Adds the process's own figures (memory, event loop, garbage collection); once, at the entry point.
 *
 * @param metrics Gets them into its registry.
 */
export function watchProcess(metrics: Metrics): void {
  collectDefaultMetrics({ register: metrics.registry });
}
