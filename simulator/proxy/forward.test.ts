import { expect, onTestFinished, test } from "vitest";
import { loadAppConfig } from "../app-config.ts";
import { API_SECRET, buildBench, startFakeApp } from "../fidelity/harness.ts";
import { forwardProxy } from "./forward.ts";
import { signProxyQuery } from "./sign.ts";

const TAP = { method: "GET", path: "DAN42", host: "freshbox.example.com", ip: "203.0.113.7", customerId: null };

test("forwardProxy signs the request and tells where the buyer came from, without cookies", async () => {
  const app = await startFakeApp();
  onTestFinished(() => app.close());
  const { world, shop } = buildBench({ appUrl: app.url });
  const headers = { cookie: "secret=1", "user-agent": "Phone", "x-forwarded-for": "1.1.1.1" };
  await forwardProxy(
    { world, config: loadAppConfig(), shop },
    { ...TAP, query: "utm=1&utm=2", headers, customerId: "77" },
  );
  const [request] = app.received;
  const url = new URL(request?.url ?? "", app.url);
  expect(url.pathname).toBe("/proxy/DAN42");
  expect(url.searchParams.get("signature")).toBe(signProxyQuery(url.searchParams, API_SECRET));
  expect(url.searchParams.getAll("utm")).toEqual(["1", "2"]);
  expect(url.searchParams.get("logged_in_customer_id")).toBe("77");
  expect(url.searchParams.get("path_prefix")).toBe("/a/r");
  expect(Math.abs(Number(url.searchParams.get("timestamp")) - Date.now() / 1000)).toBeLessThan(5);
  expect(request?.headers).toMatchObject({
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-host": "freshbox.example.com",
  });
  expect(request?.headers["user-agent"]).toBe("Phone");
  expect(request?.headers.cookie).toBeUndefined();
});

test("forwardProxy passes a redirect through and strips what never reaches a buyer", async () => {
  const app = await startFakeApp((_request, response) => {
    response.writeHead(302, {
      location: "https://elsewhere.example/",
      "set-cookie": "a=1",
      "x-powered-by": "x",
      "cache-control": "no-store",
    });
    response.end();
  });
  onTestFinished(() => app.close());
  const { world, shop } = buildBench({ appUrl: app.url });
  const answer = await forwardProxy({ world, config: loadAppConfig(), shop }, TAP);
  expect(answer.status).toBe(302);
  expect(answer.headers["location"]).toBe("https://elsewhere.example/");
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(Object.keys(answer.headers)).not.toEqual(expect.arrayContaining(["set-cookie"]));
  expect(answer.headers["x-powered-by"]).toBeUndefined();
});

test("forwardProxy forwards method and body, with the parameters still in the address", async () => {
  const app = await startFakeApp();
  onTestFinished(() => app.close());
  const { world, shop } = buildBench({ appUrl: app.url });
  await forwardProxy(
    { world, config: loadAppConfig(), shop },
    { ...TAP, method: "POST", path: "api/bind", body: '{"tokens":["é"]}' },
  );
  const [request] = app.received;
  expect(request).toMatchObject({ method: "POST", body: '{"tokens":["é"]}' });
  expect(request?.url).toMatch(/^\/proxy\/api\/bind\?shop=/);
});
