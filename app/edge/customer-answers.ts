import type { FastifyReply } from "fastify";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { isObject } from "#app/domain/json/read.ts";
import { parseGround } from "#app/domain/review/appeal.ts";
import type { Goodword } from "#app/goodword.ts";
import { refusalMessage } from "#app/domain/note/refusal-words.ts";
import { assertNever, errorBody } from "#app/platform/errors.ts";
import { INVITE_CHANNELS } from "#app/usecases/words/customer-invite.ts";
import { sendError } from "./answer.ts";
import { readBody } from "./extract/read-body.ts";
import { pickTokens, readDevice } from "./tokens.ts";

/** 500 tokens of the longest kind fit, with room for their punctuation. */
export const CUSTOMER_BODY_BYTES_MAX = 128 * 1024;
const TOKENS_IN_MAX = 500;
const REFERRAL = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What the two customer APIs need of the app; both answer the same questions, each with its own proof of who asks. */
export type CustomerDeps = Pick<
  Goodword,
  "env" | "shops" | "logger" | "mintLink" | "customerInvite" | "bindCustomer" | "customerStatus" | "appealReferral"
>;

/** Somebody whose shop and customer id have been proved. */
export type KnownCustomerCall = { readonly shop: KnownShop; readonly customerId: string };

/** The customer's link, with the offer in words, a ready invite and where its QR code is. */
export async function answerLink(
  deps: CustomerDeps,
  reply: FastifyReply,
  call: KnownCustomerCall,
  body: Buffer,
): Promise<FastifyReply> {
  const json = readObject(body);
  if (json === null) return sendError(reply, "bad_request");
  const minted = await deps.mintLink({ ...call, device: readDevice(json["device"]) });
  if (minted.outcome === "refused") return sendError(reply, minted.reason);
  const { code, link, invite, offer, worth } = minted;
  return reply.send({ code, link, invite, offer, worth, qr: `${link.slice(0, link.lastIndexOf("/"))}/qr/${code}.svg` });
}

/**
 * The words for one way of sharing: `{channel, regenerate?, text?}`. `text` puts the customer's own words in their place (null takes
 * them back); they are refused with the reason of the gate.
 */
export async function answerInvite(
  deps: CustomerDeps,
  reply: FastifyReply,
  call: KnownCustomerCall,
  body: Buffer,
): Promise<FastifyReply> {
  const json = readObject(body);
  const channel = INVITE_CHANNELS.find((known) => known === json?.["channel"]);
  const text = json?.["text"];
  const isText = text === undefined || text === null || typeof text === "string";
  if (json === null || channel === undefined || !isText) return sendError(reply, "bad_request");
  const regenerate = json["regenerate"] === true;
  const result = await deps.customerInvite({ ...call, channel, regenerate, text });
  switch (result.outcome) {
    case "refused":
      return sendError(reply, result.reason);
    case "no_rewrites_left":
      return sendError(reply, "no_rewrites_left");
    case "words_refused": {
      const { error } = errorBody("words_refused");
      return reply
        .code(422)
        .send({ error: { ...error, reason: result.reason, message: refusalMessage(result.reason) } });
    }
    case "invite": {
      const { invite, source, link, rewritesLeft } = result;
      return reply.send({ channel, invite, source, link, rewritesLeft });
    }
    default:
      return assertNever(result);
  }
}

/** The friends a customer referred and the rewards they earned. */
export async function answerStatus(
  deps: CustomerDeps,
  reply: FastifyReply,
  call: KnownCustomerCall,
): Promise<FastifyReply> {
  return reply.send(await deps.customerStatus(call));
}

/** Takes the tokens that a browser holds: up to 500 are read, the newest few are used. */
export async function answerBind(
  deps: CustomerDeps,
  reply: FastifyReply,
  call: KnownCustomerCall,
  body: Buffer,
): Promise<FastifyReply> {
  const json = readObject(body);
  const tokens = json?.["tokens"];
  if (json === null || !Array.isArray(tokens) || tokens.length > TOKENS_IN_MAX) return sendError(reply, "bad_request");
  const bound = await deps.bindCustomer({ ...call, tokens: pickTokens(tokens), device: readDevice(json["device"]) });
  return reply.send({ bound: bound.outcome === "bound" });
}

/** Opens a case for a referral of the customer's that came to nothing. What is not theirs is not there. */
export async function answerAppeal(
  deps: CustomerDeps,
  reply: FastifyReply,
  call: KnownCustomerCall,
  body: Buffer,
): Promise<FastifyReply> {
  const json = readObject(body);
  const referralId = json?.["referral"];
  if (typeof referralId !== "string" || !REFERRAL.test(referralId)) return sendError(reply, "bad_request");
  const { outcome } = await deps.appealReferral({ ...call, referralId, ground: parseGround(json?.["ground"]) });
  switch (outcome) {
    case "appealed":
    case "known":
      return reply.send({ appealed: true });
    case "not_found":
      return sendError(reply, "not_found");
    case "not_appealable":
      return sendError(reply, "not_appealable");
    case "too_many":
      return sendError(reply, "too_many_requests");
  }
}

/** An empty body stands for `{}`; anything else that is no JSON object is null. */
export function readObject(body: Buffer): Readonly<Record<string, unknown>> | null {
  if (body.length === 0) return {};
  const read = readBody(body);
  return read.outcome !== "unreadable" && isObject(read.json) ? read.json : null;
}
