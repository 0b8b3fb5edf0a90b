import type { EmailDomain } from "../event/person-facts.ts";
import { DISPOSABLE_DOMAINS } from "./disposable-domains.ts";

const EMAIL_LENGTH_MAX = 254;
/** Services that deliver to one mailbox whatever dots stand in the name. */
const DOTLESS_DOMAINS: ReadonlySet<string> = new Set(["gmail.com", "googlemail.com"]);

const FREE_DOMAINS: ReadonlySet<string> = new Set([
  ..."gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.uk yahoo.co.jp".split(" "),
  ..."icloud.com me.com aol.com gmx.de gmx.net web.de proton.me protonmail.com mail.com fastmail.com".split(" "),
  ..."mail.ru yandex.ru qq.com 163.com naver.com orange.fr laposte.net libero.it zoho.com".split(" "),
]);
/**
 * Reads an e-mail address as the one mailbox it reaches: lower case, without a plus tag, without dots at Gmail.
 * Returns null for what is no address. The result is for comparing, never for sending.
 */
export function normaliseEmail(text: string): string | null {
  const match = /^([^\s@]+)@([^\s@]+\.[^\s@]+)$/.exec(text.trim().normalize("NFC").toLowerCase());
  if (match === null || text.length > EMAIL_LENGTH_MAX) return null;
  const [, local = "", domain = ""] = match;
  const [untagged = ""] = local.split("+");
  const isDotless = DOTLESS_DOMAINS.has(domain);
  const mailbox = isDotless ? untagged.replaceAll(".", "") : untagged;
  return mailbox === "" ? null : `${mailbox}@${isDotless ? "gmail.com" : domain}`;
}

/** The part of an address after the @, in lower case; null for what is no address. */
export function domainOf(text: string): string | null {
  return normaliseEmail(text)?.split("@")[1] ?? null;
}

/** What sort of service an address is at; null for what is no address. Takes the address as given or as normalised. */
export function emailDomainOf(text: string): EmailDomain | null {
  const normalised = normaliseEmail(text);
  return normalised === null ? null : domainOfMailbox(normalised);
}

/** As `emailDomainOf`, for what `normaliseEmail` gave. */
export function domainOfMailbox(normalised: string): EmailDomain {
  const domain = normalised.slice(normalised.indexOf("@") + 1);
  if (DISPOSABLE_DOMAINS.has(domain)) return "disposable";
  return FREE_DOMAINS.has(domain) ? "free" : "other";
}
