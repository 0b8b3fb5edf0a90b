import { expect, test } from "vitest";
import type { ClickRow } from "#app/data/clicks-door.repo.ts";
import { newId } from "#app/platform/ids.ts";
import { createLogger } from "#app/platform/logger.ts";
import { createClickLog } from "./click-log.ts";

function buildRow(): ClickRow {
  return {
    shopId: newId(),
    clickedAt: new Date(),
    id: newId(),
    codeId: null,
    ipHash: null,
    prefixHash: null,
    agentHash: null,
    referrerHost: null,
    flags: 0,
  };
}

function build() {
  const stored: string[] = [];
  const state: { failure: Error | null } = { failure: null };
  const clicks = {
    submit: async (row: ClickRow) => {
      if (state.failure !== null) throw state.failure;
      stored.push(row.id);
    },
    drained: async () => undefined,
  };
  return { log: createClickLog({ clicks, logger: createLogger({ LOG_LEVEL: "silent" }) }), stored, state };
}

test("a click that the database could not take is written once it can", async () => {
  const { log, stored, state } = build();
  const row = buildRow();
  state.failure = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  await log.write(row);
  expect(stored).toEqual([]);
  state.failure = null;
  await log.close();
  expect(stored).toEqual([row.id]);
});

test("a click that can never be stored is given up, and holds up nothing", async () => {
  const { log, stored, state } = build();
  state.failure = Object.assign(new Error("bad value"), { code: "22P02" });
  await log.write(buildRow());
  state.failure = null;
  await log.close();
  expect(stored).toEqual([]);
});
