import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const THEME_EXTENSION = join(import.meta.dirname, "..", "..", "extensions", "referral-storefront");

/**
 * Runs Shopify's theme check. It would first fetch the newest documents of Liquid into a cache of the user's; a cache that
 * cannot be made keeps it to those that it ships with, so that everybody's run is the same and needs no network.
 */
async function offencesIn(folder: string): Promise<{ readonly files: string[]; readonly offences: string[] }> {
  const before = { HOME: process.env["HOME"], XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] };
  onTestFinished(() => void Object.assign(process.env, before));
  Object.assign(process.env, { HOME: import.meta.filename, XDG_CACHE_HOME: import.meta.filename });
  const { themeCheckRun } = await import("@shopify/theme-check-node");
  const { offenses, theme } = await themeCheckRun(folder, "theme-check:theme-app-extension");
  const nameOf = (uri: string): string => uri.split("/").at(-1) ?? uri;
  return {
    files: theme.map((file) => nameOf(file.uri)),
    offences: offenses.map(({ check, message, uri, start }) => `${nameOf(uri)}:${start.line + 1} ${check} ${message}`),
  };
}

test("the theme extension passes Shopify's theme check without an offence", async () => {
  const { files, offences } = await offencesIn(THEME_EXTENSION);
  expect(files).toEqual(expect.arrayContaining(["referral.liquid", "refer-a-friend.liquid", "en.default.json"]));
  expect(offences).toEqual([]);
});

test("the theme check is awake: a filter that is not there and a text that is not there are offences", async () => {
  const folder = mkdtempSync(join(tmpdir(), "goodword-theme-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(THEME_EXTENSION, folder, { recursive: true });
  appendFileSync(join(folder, "blocks", "refer-a-friend.liquid"), "{{ 'a' | nonsense }}{{ 'refer.nowhere' | t }}\n");
  const { offences } = await offencesIn(folder);
  expect(offences.join("\n")).toMatch(/nonsense/);
  expect(offences.join("\n")).toMatch(/refer\.nowhere/);
});
