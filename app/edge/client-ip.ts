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

/** Addresses that no buyer has: this machine's, a private network's, a carrier's or a link's own. RFC 1918, 4193, 6598. */
const INTERNAL =
  /^(?:127|10|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^0:0:0:0:0:0:0:1$|^f[cd]|^fe[89ab]/;

/**
 * The network that a caller of an API that anybody may call comes from, to count its calls and for nothing else: whoever
 * calls can write `X-Forwarded-For`, and so only gets another count.
 *
 * @param forwardedFor The header as it came.
 * @param peer The address of whoever opened the connection.
 * @returns null where only a proxy of ours is seen
 */
export function callerNetwork(forwardedFor: string | string[] | undefined, peer: string): string | null {
  const told = typeof forwardedFor === "string" ? parseClientIp(forwardedFor) : null;
  const caller = told ?? parseClientIp(peer);
  return caller === null || INTERNAL.test(caller.ip) ? null : caller.prefix;
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
