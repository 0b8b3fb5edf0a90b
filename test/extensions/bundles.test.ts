import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { bundleExtension } from "#simulator/extensions/bundle.ts";
import { loadExtensionTargets } from "#simulator/extensions/catalogue.ts";

/** Shopify refuses 64 KB; ours are read on telephones. */
const GZIP_BYTES_MAX = 20 * 1024;

const targets = loadExtensionTargets();

test("there are extensions to bundle", () => {
  expect(targets.map(({ target }) => target)).toContain("customer-account.profile.block.render");
});

test.each(targets)(
  "the bundle for $target is at most 20 KB gzipped, and calls the app it was built for",
  async (each) => {
    const bundle = await bundleExtension(each.entry, "https://goodword.test");
    expect(gzipSync(bundle).length).toBeLessThanOrEqual(GZIP_BYTES_MAX);
    // The admin resolves a path against the app's own address and signs the call; everywhere else the address is built in.
    const calls = each.target.startsWith("admin.") ? "/api/admin/" : "https://goodword.test";
    expect(bundle.includes(calls), `calls ${calls}`).toBe(true);
    expect(bundle.includes("example.com")).toBe(false);
  },
);
