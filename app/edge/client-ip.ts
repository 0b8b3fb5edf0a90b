import { isIPv4, isIPv6 } from "node:net";

export type ClientIp = {
  /** In one spelling: dotted IPv4, or eight groups of hex digits. */
  readonly ip: string;
  /** The network it is in: /24 of IPv4, /48 of IPv6. */
  readonly prefix: string;
};

const GROUPS = 8;
const PREFIX_GROUPS = 3;
const MAPPED_IPV4 = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/**
 * Reads the buyer's address from what Shopify reports: the first entry of `X-Forwarded-For`, or an order's `browser_ip`.
 * Only for requests whose signature was verified: anybody else can write the header.
 *
 * @returns null for anything that is no address.
 */
export function parseClientIp(text: string | null): ClientIp | null {
  const first = text?.split(",")[0]?.trim() ?? "";
  const ip = MAPPED_IPV4.exec(first)?.[1] ?? first;
  if (isIPv4(ip)) return { ip, prefix: ip.slice(0, ip.lastIndexOf(".")) };
  if (!isIPv6(ip)) return null;
  const groups = groupsOf(ip);
  return groups === null ? null : { ip: groups.join(":"), prefix: groups.slice(0, PREFIX_GROUPS).join(":") };
}

/** Writes out what `::` leaves out. */
function groupsOf(ip: string): string[] | null {
  // A zone names an interface of the sender's machine, and an embedded IPv4 tail is a notation that no proxy writes.
  if (ip.includes("%") || ip.includes(".")) return null;
  const [head = "", tail] = ip.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: GROUPS - before.length - after.length }, () => "0");
  return [...before, ...(tail === undefined ? [] : zeros), ...after].map((group) => group.replace(/^0+(?=.)/, ""));
}
