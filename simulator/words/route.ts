import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Simulator } from "../context.ts";
import { read } from "../control/input.ts";
import { withFault } from "../faults/with-fault.ts";
import { note, type World } from "../world/world.ts";
import { composeDraft } from "./drafts.ts";

/** A scripted answer of the model; what is absent is as usual. */
const Scripted = z.object({
  /** The text of the answer, whatever it is. */
  text: z.string().optional(),
  /** One draft for every note that is asked for. */
  draft: z.string().optional(),
  /** An error of the API instead. */
  status: z.number().int().min(400).max(599).optional(),
  /** The answer begins and never ends. */
  stall: z.boolean().optional(),
  delayMs: z.number().int().min(0).max(60_000).optional(),
});
export type ScriptedAnswer = z.infer<typeof Scripted>;
const ScriptBody = z.object({ answers: z.array(Scripted).max(10_000), again: z.boolean().default(false) });

const Request = z.object({
  model: z.string(),
  max_tokens: z.number().int().positive(),
  system: z.string().optional(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })).min(1),
  output_config: z.object({
    format: z.object({ type: z.literal("json_schema"), schema: z.record(z.string(), z.unknown()) }),
  }),
});
const Asked = z.object({
  voice: z.string(),
  parts: z.array(z.object({ key: z.string(), language: z.string(), hasName: z.boolean() })),
});

/** Tokens cannot be counted here; this is how they are estimated everywhere in this project. */
const CHARACTERS_PER_TOKEN = 3.5;
const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
  529: "overloaded_error",
};
/** A key that the stand-in refuses, as Anthropic refuses one that was revoked. */
const REFUSED_KEY = "invalid";

/**
 * `POST /_words/v1/messages`: a stand-in for the Messages API, in its wire format, with usage numbers. It writes by itself, or what
 * `POST /_control/words` scripted: answers are used one after the other, `again` starts over at the end.
 */
export function registerWords(server: FastifyInstance, simulator: Simulator): void {
  const { world, faults } = simulator;
  let script: ScriptedAnswer[] = [];
  let again = false;

  server.post("/_control/words", (request) => {
    ({ answers: script, again } = read(ScriptBody, request.body));
    return { answers: script.length };
  });

  server.post("/_words/v1/messages", async (request, reply) => {
    world.modelCalls += 1;
    const scripted = script.shift() ?? null;
    if (scripted !== null && again) script.push(scripted);
    if (scripted?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, scripted.delayMs).unref());
    if (scripted?.stall === true) return stall(reply);
    await withFault({ faults, labels: ["words"], request, reply }, () =>
      Promise.resolve(answer(world, request, scripted)),
    );
    return reply;
  });
}

function answer(world: World, request: FastifyRequest, scripted: ScriptedAnswer | null) {
  const key = keyOf(request);
  if (key === "" || key === REFUSED_KEY) return failure(401, "invalid x-api-key");
  if (typeof request.headers["anthropic-version"] !== "string")
    return failure(400, "anthropic-version: header is required");
  if (scripted?.status !== undefined) return failure(scripted.status, "scripted");
  const parsed = Request.safeParse(request.body);
  if (!parsed.success) return failure(400, z.prettifyError(parsed.error));
  const { model, system = "", messages, max_tokens: tokensMax } = parsed.data;
  const asked = readAsked(messages[0]?.content ?? "");
  if (asked === null) return failure(400, "the stand-in reads notes only");
  const text = scripted?.text ?? JSON.stringify(draftsFor(asked, scripted?.draft));
  note(world, null, `The model's stand-in wrote ${asked.parts.map((part) => part.key).join(" and ")}`);
  const input = system.length + messages.reduce((sum, { content }) => sum + content.length, 0);
  const body = {
    id: `msg_${randomUUID().replaceAll("-", "")}`,
    type: "message",
    role: "assistant",
    model,
    content: [{ type: "text", text, citations: null }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: {
      input_tokens: tokens(input),
      output_tokens: Math.min(tokensMax, tokens(text.length)),
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
    },
  };
  return { status: 200, body };
}

/** The API takes the key in a header of its own or as bearer; Anthropic's client sends the latter. */
function keyOf({ headers }: FastifyRequest): string {
  const own = headers["x-api-key"];
  return typeof own === "string" ? own : (headers.authorization ?? "").replace(/^Bearer /, "");
}

function draftsFor(asked: z.infer<typeof Asked>, draft: string | undefined): Record<string, string> {
  return Object.fromEntries(asked.parts.map((part) => [part.key, draft ?? composeDraft(part, asked.voice)]));
}

/** The typed data of the prompt; null when the message is another. */
function readAsked(content: string): z.infer<typeof Asked> | null {
  const [, json] = /^<data>(.*)<\/data>$/s.exec(content) ?? [];
  if (json === undefined) return null;
  const parsed = Asked.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : null;
}

function tokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

function failure(status: number, message: string) {
  return { status, body: { type: "error", error: { type: ERROR_TYPES[status] ?? "api_error", message } } };
}

/** Sends the head and the first bytes of an answer, and then nothing for as long as the caller waits. */
function stall(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.writeHead(200, { "content-type": "application/json" });
  reply.raw.write('{"id":"msg_');
  return reply;
}
