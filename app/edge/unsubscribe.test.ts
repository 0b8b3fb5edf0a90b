import fastify from "fastify";
import { expect, test } from "vitest";
import { registerUnsubscribe } from "./unsubscribe.ts";

function doorWith(known: string) {
  const stopped: string[] = [];
  const app = fastify();
  registerUnsubscribe(app, {
    stopMails: async (token) => {
      if (token !== known) return { outcome: "unknown_link" };
      stopped.push(token);
      return { outcome: "stopped" };
    },
  });
  return { app, stopped };
}

test("opening the link changes nothing, since mail scanners open every link", async () => {
  const { app, stopped } = doorWith("known");
  const answer = await app.inject({ method: "GET", url: "/unsubscribe/known" });
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain('method="post"');
  expect(stopped).toEqual([]);
});

test("the button, and a mail program's one-click post, stop the mails", async () => {
  const { app, stopped } = doorWith("known");
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await app.inject({
    method: "POST",
    url: "/unsubscribe/known",
    headers,
    payload: "List-Unsubscribe=One-Click",
  });
  expect(answer.statusCode).toBe(200);
  expect(stopped).toEqual(["known"]);
});

test("a link nobody made is told apart from nothing", async () => {
  const { app } = doorWith("known");
  const answer = await app.inject({ method: "POST", url: "/unsubscribe/forged" });
  expect(answer.statusCode).toBe(404);
});
