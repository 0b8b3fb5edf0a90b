import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createSimulatedFetch } from "./simulated-fetch.ts";

/** A server that says what it was asked. */
async function startEcho(): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        path: request.url,
        shop: request.headers["x-sim-shop"] ?? null,
        token: request.headers["x-token"] ?? null,
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  return `http://127.0.0.1:${port}`;
}

test("calls to a shop lead to the simulator, with path, query, headers and the shop's name", async () => {
  const simulatedFetch = createSimulatedFetch(await startEcho());
  const response = await simulatedFetch("https://freshbox.myshopify.com/admin/x.json?a=1", {
    headers: { "x-token": "t" },
  });
  expect(await response.json()).toEqual({ path: "/admin/x.json?a=1", shop: "freshbox.myshopify.com", token: "t" });
});

test.each(["/plain", "/a.myshopify.com/x"])("a call to another host goes where it says: %s", async (path) => {
  const elsewhere = await startEcho();
  const simulatedFetch = createSimulatedFetch("http://127.0.0.1:1");
  const response = await simulatedFetch(`${elsewhere}${path}`);
  expect(await response.json()).toEqual({ path, shop: null, token: null });
});
