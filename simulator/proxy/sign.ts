import { createHmac } from "node:crypto";

/**
 * Shopify's signature of an app proxy request: values of a key joined by commas, "key=value" strings from the decoded
 * query, sorted by bytes, joined by nothing, HMAC-SHA256 in hex. `signature` itself is left out.
 */
export function signProxyQuery(parameters: URLSearchParams, secret: string): string {
  const keys = new Set([...parameters.keys()].filter((key) => key !== "signature"));
  const pairs = [...keys].map((key) => Buffer.from(`${key}=${parameters.getAll(key).join(",")}`, "utf8"));
  return createHmac("sha256", secret)
    .update(Buffer.concat(pairs.sort((a, b) => Buffer.compare(a, b))))
    .digest("hex");
}
