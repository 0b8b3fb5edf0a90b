/** What Shopify keeps of an installed app: its grants and its tokens. */

export type AccessToken = {
  readonly token: string;
  readonly mode: "offline" | "online";
  readonly scopes: readonly string[];
  /** Real time in ms: tokens live on real time on both sides. Null: does not expire. */
  readonly expiresAtMs: number | null;
  readonly refreshToken: string | null;
};

export type RefreshToken = {
  readonly token: string;
  readonly expiresAtMs: number;
  /** The token that replaced it. It stays usable until that one is used. */
  replacedBy: string | null;
  dead: boolean;
};

export type Installation = {
  readonly id: string;
  readonly installedAt: Date;
  scopes: readonly string[];
  readonly accessTokens: Map<string, AccessToken>;
  readonly refreshTokens: Map<string, RefreshToken>;
  webPixel: { readonly id: string; settings: string } | null;
};
