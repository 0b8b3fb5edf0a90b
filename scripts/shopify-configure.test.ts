import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "smol-toml";
import { expect, onTestFinished, test } from "vitest";

import { fillTemplate, readAppFacts, writeAppConfig, writeExtensionsAddress } from "./shopify-configure.ts";

const TEMPLATE = readFileSync(join(import.meta.dirname, "..", "shopify.app.toml"), "utf8");
const GIVEN = {
  clientId: "0123456789abcdef0123456789abcdef",
  appUrl: "https://refer.freshbox.example/",
  handle: "freshbox-goodword",
  name: "live",
};

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "goodword-configure-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("a filled template differs from the template in exactly the four values of the app", () => {
  const facts = readAppFacts(GIVEN);
  expect(parse(fillTemplate(TEMPLATE, facts))).toEqual({
    ...parse(TEMPLATE),
    handle: "freshbox-goodword",
    client_id: "0123456789abcdef0123456789abcdef",
    application_url: "https://refer.freshbox.example",
    auth: { redirect_urls: ["https://refer.freshbox.example/auth/callback"] },
  });
});

test("a filled template keeps the template's comments on what stands below them, and says where it comes from", () => {
  const filled = fillTemplate(TEMPLATE, readAppFacts(GIVEN));
  expect(filled).toContain("# Whole orders: only what attribution");
  expect(filled).toMatch(/^# Written by `npm run shopify:configure`/);
});

test("a template that has no single place for a value is refused", () => {
  expect(() => fillTemplate(TEMPLATE.replace(/^client_id.*$/m, ""), readAppFacts(GIVEN))).toThrow("client_id");
  expect(() => fillTemplate(`${TEMPLATE}\nclient_id = ""`, readAppFacts(GIVEN))).toThrow("client_id");
});

test.each([
  ["clientId", "shpss_0123456789abcdef0123456789abcdef", "--client-id: that is a secret"],
  ["clientId", "", "--client-id"],
  ["clientId", 'x"\nembedded = false #aaaaaaaa', "--client-id"],
  ["appUrl", "http://refer.freshbox.example", "--app-url: the address must begin with https://"],
  ["appUrl", "https://refer.freshbox.example/app", "--app-url"],
  ["appUrl", "https://refer.freshbox.example/?a=1", "--app-url"],
  ["appUrl", "https://me:secret@refer.freshbox.example", "--app-url"],
  ["appUrl", "refer.freshbox.example", "--app-url"],
  ["handle", "Fresh Box", "--handle"],
  ["name", "../../etc/passwd", "--name"],
] as const)("%s %j is refused in words", (field, value, message) => {
  expect(() => readAppFacts({ ...GIVEN, [field]: value })).toThrow(message);
});

test("a configuration that is there is replaced only by force", () => {
  const folder = emptyFolder();
  const facts = readAppFacts(GIVEN);
  expect(writeAppConfig(facts, { force: false, folder })).toBe("shopify.app.live.toml");
  const other = { ...facts, handle: "another" };
  expect(() => writeAppConfig(other, { force: false, folder })).toThrow("shopify.app.live.toml exists");
  expect(readFileSync(join(folder, "shopify.app.live.toml"), "utf8")).toContain('handle = "freshbox-goodword"');
  writeAppConfig(other, { force: true, folder });
  expect(readFileSync(join(folder, "shopify.app.live.toml"), "utf8")).toContain('handle = "another"');
});

test("writeExtensionsAddress puts the address where the extensions' bundles read it, and nowhere else", () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, "extensions", "shared"), { recursive: true });
  const file = writeExtensionsAddress(readAppFacts(GIVEN), { folder });
  expect(JSON.parse(readFileSync(join(folder, file), "utf8"))).toEqual({ appUrl: "https://refer.freshbox.example" });
  const kept: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "..", file), "utf8"));
  expect(kept).toEqual({ appUrl: "https://goodword.example.com" });
});

test("the command names the flags that are missing where nobody can be asked", () => {
  const script = join(import.meta.dirname, "shopify-configure.ts");
  const ran = spawnSync(process.execPath, [script, "--handle", "goodword"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  expect(ran.stderr).toBe("goodword: --client-id and --app-url must be given where nobody can be asked\n");
  expect(ran.status).toBe(1);
});
