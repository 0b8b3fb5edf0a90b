import type { FastifyReply } from "fastify";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { isObject } from "#app/domain/json/read.ts";
import type { Goodword } from "#app/goodword.ts";
import { sendError } from "./answer.ts";
import { readBody } from "./extract/read-body.ts";
import { pickTokens, readDevice } from "./tokens.ts";

/** 500 tokens of the longest kind fit, with room for their punctuation. */
export const CUSTOMER_BODY_BYTES_MAX = 128 * 1024;
const TOKENS_IN_MAX = 500;

/** What the two customer APIs need of the app; both answer the same questions, each with its own proof of who asks. */
export type CustomerDeps = Pick<Goodword, "env" | "shops" | "logger" | "mintLink" | "bindCustomer" | "customerStatus">;

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
  const { code, link, invite, offer } = minted;
  return reply.send({ code, link, invite, offer, qr: `${link.slice(0, link.lastIndexOf("/"))}/qr/${code}.svg` });
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

/** An empty body stands for `{}`; anything else that is no JSON object is null. */
export function readObject(body: Buffer): Readonly<Record<string, unknown>> | null {
  if (body.length === 0) return {};
  const read = readBody(body);
  return read.outcome !== "unreadable" && isObject(read.json) ? read.json : null;
}
