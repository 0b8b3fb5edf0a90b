import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { onTestFinished } from "vitest";
import { callApp, control, settle } from "../../proof/journey/http.ts";
import { ensureAdminBuilt } from "../../scripts/lib/admin-build.ts";
import { seedFreshBox } from "../../scripts/lib/freshbox.ts";
import { portsFrom } from "../../scripts/lib/ports.ts";
import { startStack } from "../../scripts/lib/stack.ts";
import type { Stack } from "../../scripts/lib/stack.ts";
import { openBrowser } from "./chromium.ts";
import { openPerson } from "./person.ts";
import type { BrowserHabits, Person, Width } from "./person.ts";

/** A running demo, its shop, and everybody who has come by so far. */
export type Stage = {
  readonly stack: Stack;
  readonly width: Width;
  readonly shop: { readonly origin: string };
  readonly frontUrl: string;
  readonly adminUrl: string;
  readonly people: Person[];
  readonly browser: Browser;
};

const ROOT = join(import.meta.dirname, "..", "..");
const FIRST_PORT = 5300;
const PART_TIMEOUT_MS = 90_000;

function say(line: string): void {
  process.stdout.write(`  ${line}\n`);
}

/** In the journey both get a code at the end; the friend's discount on the first order is told by stories of its own. */
const AFTERWARDS = { friend: { when: "after_first_order" } };

/**
 * Starts everything `npm run demo` starts, on ports of its own, and a browser. All of it ends with the test.
 * @param portOffset where in the block of `E2E_PORT` (5300 unless told) this world listens
 * @param terms what the merchant has changed of the terms before anybody comes
 */
export async function setStage(
  executablePath: string,
  width: Width,
  portOffset: number,
  terms: Readonly<Record<string, unknown>> = AFTERWARDS,
): Promise<Stage> {
  const first = Number(process.env["E2E_PORT"] ?? FIRST_PORT) + portOffset;
  await ensureAdminBuilt(say);
  const stack = await startStack({
    ports: portsFrom(first),
    home: join(ROOT, ".demo", `e2e-${String(first)}`),
    redisUrl: process.env["REDIS_URL"],
    onProgress: say,
  });
  onTestFinished(() => stack.stop());
  await seedFreshBox(stack, say);
  await changeTerms(stack, terms);
  const browser = await openBrowser(executablePath);
  onTestFinished(() => browser.close());
  const port = new URL(stack.simulatorUrl).port;
  return {
    stack,
    width,
    browser,
    shop: { origin: `http://freshbox.localhost:${port}` },
    frontUrl: `${stack.simulatorUrl}/`,
    adminUrl: `http://admin.localhost:${port}/store/freshbox/apps/goodword`,
    people: [],
  };
}

/** The merchant saves other terms: they hold for links that are taken from then on. */
export async function changeTerms(stack: Stack, terms: Readonly<Record<string, unknown>>): Promise<void> {
  const token = String((await control(stack, "POST", "shops/freshbox.myshopify.com/id-token", {}))["token"]);
  const form = { terms: JSON.stringify(terms) };
  const saved = await callApp(stack, { method: "POST", path: "/app/program", token, form });
  if (saved.status !== 200) throw new Error(`the terms were not saved: ${JSON.stringify(saved.body)}`);
}

/** Somebody enters with a browser of their own. */
export async function enter(stage: Stage, name: string, habits: BrowserHabits = {}): Promise<Person> {
  const person = await openPerson(stage.browser, name, stage.width, habits);
  stage.people.push(person);
  return person;
}

/** Waits until everything that was set off is done: deliveries, rows, jobs. */
export function calm(stage: Stage): Promise<void> {
  return settle(stage.stack);
}

/** Moves time for everybody and waits until what fell due is done. */
export async function letTimePass(stage: Stage, duration: string): Promise<void> {
  await calm(stage);
  await control(stage.stack, "POST", "clock", { advance: duration });
  await calm(stage);
}

async function tooLong(): Promise<never> {
  await sleep(PART_TIMEOUT_MS, undefined, { ref: false });
  throw new Error(`not over after ${String(PART_TIMEOUT_MS / 1000)} s`);
}

/**
 * Plays one part of the story, and says how long it took. What fails in it names the part, and what everybody saw at
 * that moment is left in `.cache/e2e`.
 */
export async function part<T>(stage: Stage, title: string, play: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  try {
    const result = await Promise.race([play(), tooLong()]);
    say(`${String(stage.width)} px: ${title} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
    return result;
  } catch (error) {
    for (const { name, page } of stage.people)
      await page.screenshot({
        path: join(ROOT, ".cache", "e2e", `${name}-${String(stage.width)}.png`),
        timeout: 5_000,
      });
    throw new Error(`${title}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
