import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
/** Without its own calls home: what leaves loopback then is ours, and fails the test. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Finds the browser of this machine: `CHROMIUM_PATH`, else what the PATH has.
 * @returns its path, or null when there is none, which is said aloud
 * @throws in CI, where a missing browser is a failure
 */
export function findChromium(): string | null {
  const given = process.env["CHROMIUM_PATH"];
  const places = (process.env["PATH"] ?? "").split(delimiter);
  const candidates = given ? [given] : places.flatMap((place) => NAMES.map((name) => join(place, name)));
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  const advice = `${given ? `There is no browser at CHROMIUM_PATH=${given}.` : "No Chromium on this machine."} Install it (Debian: apt-get install chromium; macOS: brew install --cask chromium) or set CHROMIUM_PATH.`;
  if (process.env["CI"] === "true") throw new Error(advice);
  process.stderr.write(`\nSKIPPED: the journey in a browser. ${advice}\n\n`);
  return null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // asked only whether it is there
  }
}

/** Starts the browser, without a window. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: QUIET });
}
