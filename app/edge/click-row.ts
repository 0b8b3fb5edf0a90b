import type { ClickRow } from "#app/data/clicks-door.repo.ts";
import type { ShopKeyring } from "#app/platform/shop-keyring.ts";
import { parseClientIp } from "./client-ip.ts";

const HOST_CHARACTERS_MAX = 253;

export type SeenTap = {
  readonly shopId: string;
  /** Null while the shop cannot be read: then nothing of the network is kept. */
  readonly keyring: ShopKeyring | null;
  readonly clickId: string;
  readonly clickedAt: Date;
  readonly codeId: string | null;
  readonly flags: number;
  readonly agent: string;
  /** `X-Forwarded-For` and `Referer` as they came. */
  readonly forwardedFor: string | null;
  readonly referrer: string | null;
};

/** Writes down a tap: the network and the agent as keyed hashes of this month, of the referring page only its host. */
export function clickRow(tap: SeenTap): ClickRow {
  const { keyring, clickedAt, agent } = tap;
  const ip = parseClientIp(tap.forwardedFor);
  return {
    shopId: tap.shopId,
    clickedAt,
    id: tap.clickId,
    codeId: tap.codeId,
    ipHash: keyring === null || ip === null ? null : keyring.network("ip", ip.ip, clickedAt),
    prefixHash: keyring === null || ip === null ? null : keyring.network("prefix", ip.prefix, clickedAt),
    agentHash: keyring === null || agent === "" ? null : keyring.network("agent", agent, clickedAt),
    referrerHost: hostOf(tap.referrer),
    flags: tap.flags,
  };
}

function hostOf(referrer: string | null): string | null {
  const url = referrer === null ? null : URL.parse(referrer);
  if (url === null || url.hostname === "" || url.hostname.length > HOST_CHARACTERS_MAX) return null;
  return url.hostname;
}
