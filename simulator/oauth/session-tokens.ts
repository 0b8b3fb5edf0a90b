import { randomUUID } from "node:crypto";
import { gid } from "../world/ids.ts";
import type { Customer, Shop } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { signJwt } from "./jwt.ts";

/** The staff member who is signed in to every admin page of the simulator. */
export const STAFF_USER_ID = "81234567890";

const ID_TOKEN_LIFE_SECONDS = 60;
const EXTENSION_TOKEN_LIFE_SECONDS = 300;

/** Makes an id token as the admin gives it to an embedded app: 60 seconds, audience the app, subject the staff member. Real time. */
export function adminIdToken(world: World, shop: Shop): string {
  const iat = Math.floor(Date.now() / 1000);
  return signJwt(
    {
      iss: `https://${shop.domain}/admin`,
      dest: `https://${shop.domain}`,
      aud: world.app.apiKey,
      sub: STAFF_USER_ID,
      exp: iat + ID_TOKEN_LIFE_SECONDS,
      nbf: iat,
      iat,
      jti: randomUUID(),
      sid: randomUUID(),
      sig: randomUUID().replaceAll("-", ""),
    },
    world.app.apiSecret,
  );
}

/**
 * Makes a session token as a customer-account or checkout extension gets it: 300 seconds, `dest` a bare domain,
 * `sub` only for a signed-in customer. `audience` may name another app, for tests. Real time.
 */
export function extensionToken(
  world: World,
  shop: Shop,
  options: { readonly customer: Customer | null; readonly audience?: string | undefined },
): string {
  const iat = Math.floor(Date.now() / 1000);
  const subject = options.customer === null ? {} : { sub: gid("Customer", options.customer.id) };
  return signJwt(
    {
      dest: shop.domain,
      aud: options.audience ?? world.app.apiKey,
      exp: iat + EXTENSION_TOKEN_LIFE_SECONDS,
      nbf: iat,
      iat,
      jti: randomUUID(),
      ...subject,
    },
    world.app.apiSecret,
  );
}
