import type { FastifyReply } from "fastify";
import type { KnownShop } from "#app/data/shop-directory.repo.ts";
import { visitorLocale } from "#app/domain/landing/visitor-locale.ts";
import { normaliseEmail } from "#app/domain/person/email.ts";
import type { Goodword } from "#app/goodword.ts";
import { sendError } from "./answer.ts";
import { readObject } from "./customer-answers.ts";
import type { StorefrontLimits } from "./rate-limit.ts";
import { pickTokens, readCartToken, readDevice } from "./tokens.ts";

export type ClaimDeps = Pick<Goodword, "claimWelcome" | "confirmClick"> & {
  readonly limits?: Pick<StorefrontLimits, "mayClaim">;
};

/** A visitor of the storefront, whose shop is proved; `customerId` is null when nobody is logged in. */
export type ClaimCall = {
  readonly shop: KnownShop;
  readonly customerId: string | null;
  readonly prefix: string | null;
  /** Of the visitor's browser, as the header came. */
  readonly acceptLanguage: string | undefined;
};

/**
 * Answers `{token, email?, device?, cart?, locale?}` with `{welcomeCode, offer, from}`: `from` is the first name of whose link
 * it is, or null; the offer is in the language of `locale`, the page's. `welcomeCode` is null where the friend's side is given
 * after the order; with `retry: true` there is none at this moment, with `emailFirst: true` there is one for an address.
 */
export async function answerClaim(
  deps: ClaimDeps,
  reply: FastifyReply,
  call: ClaimCall,
  body: Buffer,
): Promise<FastifyReply> {
  const json = readObject(body);
  const [token] = pickTokens([json?.["token"]]);
  const typed = json?.["email"] ?? null;
  const email = typeof typed === "string" ? normaliseEmail(typed) : null;
  if (json === null || token === undefined || (typed !== null && email === null))
    return sendError(reply, "bad_request");
  const { acceptLanguage, ...who } = call;
  if (deps.limits?.mayClaim(who.shop.shopId, token) === false) return sendError(reply, "too_many_requests");
  const page = json["locale"];
  const claimed = await deps.claimWelcome({
    ...who,
    locale: visitorLocale(typeof page === "string" ? page : null, acceptLanguage, who.shop.language),
    token,
    email,
    device: readDevice(json["device"]),
    cartToken: readCartToken(json["cart"]),
  });
  if (claimed.outcome === "refused") return sendError(reply, claimed.reason);
  const { welcomeCode, offer, from, retry, emailFirst } = claimed;
  return reply.send({ welcomeCode, offer, from, ...(retry ? { retry } : {}), ...(emailFirst ? { emailFirst } : {}) });
}

/** Takes `{token, device?}`: the page that a tap led to is open and in sight. The answer says nothing about the token. */
export async function answerSeen(
  deps: ClaimDeps,
  reply: FastifyReply,
  call: Pick<ClaimCall, "shop">,
  body: Buffer,
): Promise<FastifyReply> {
  const json = readObject(body);
  const [token] = pickTokens([json?.["token"]]);
  if (json === null || token === undefined) return sendError(reply, "bad_request");
  await deps.confirmClick({ shop: call.shop, token, device: readDevice(json["device"]) });
  return reply.send({});
}
