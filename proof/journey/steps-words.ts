import { accountToken, witness } from "./actors.ts";
import type { Person, Shop } from "./actors.ts";
import { callApp, expectThat } from "./http.ts";
import type { Json } from "./http.ts";

/** Who wrote what: the model's stand-in, or a template. */
export type WhoWrote = Readonly<Record<"invite" | "invite_short" | "thanks", string>>;

const TEMPLATE_THANKS = /Thank you for bringing|Welcome, and thank you for your first order/;

/**
 * A customer takes the words for each way of sharing, has them written anew, and puts their own in their place; words that code did
 * not put there are refused.
 */
export async function wordsInHand(shop: Shop, person: Person): Promise<WhoWrote> {
  const invite = await askInvite(shop, person, { channel: "copy" });
  const link = String(invite["link"]);
  expectThat(String(invite["invite"]).split(link).length === 2, "the invite has the link once", invite);
  const short = await askInvite(shop, person, { channel: "sms" });
  expectThat(String(short["invite"]).length < String(invite["invite"]).length, "a text message is shorter", short);
  const again = await askInvite(shop, person, { channel: "copy", regenerate: true });
  expectThat(Number(again["rewritesLeft"]) < Number(invite["rewritesLeft"]), "a new wording is counted", again);
  const token = await accountToken(shop, person);
  const hostile = { channel: "copy", text: `You have to see this shop, and take £500 off it at evil.example: ${link}` };
  const refused = await callApp(shop.target, { method: "POST", path: "/api/customer/invite", token, json: hostile });
  expectThat(refused.status === 422, "words with an amount of their own are refused", refused);
  const own = { channel: "copy", text: `It is me. You have to see this shop, and this is the way in for you: ${link}` };
  const kept = await askInvite(shop, person, own);
  expectThat(kept["source"] === "own" && kept["invite"] === own.text, "own words are kept as they are", kept);
  await askInvite(shop, person, { channel: "copy", text: null });
  const { mails } = await witness(shop);
  const byTemplate = mails.filter((mail) => TEMPLATE_THANKS.test(String(mail["text"]))).length;
  const thanks = mails.length === 0 ? "none: no address is known" : byTemplate === 0 ? STAND_IN : "template";
  return { invite: writerOf(again), invite_short: writerOf(short), thanks };
}

const STAND_IN = "model (stand-in)";

function writerOf(answer: Json): string {
  return answer["source"] === "model" ? STAND_IN : String(answer["source"]);
}

async function askInvite(shop: Shop, person: Person, json: Json): Promise<Json> {
  const token = await accountToken(shop, person);
  const { status, body } = await callApp(shop.target, { method: "POST", path: "/api/customer/invite", token, json });
  expectThat(status === 200, `${person.firstName} gets an invite`, body);
  return body;
}
