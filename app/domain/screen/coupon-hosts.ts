/**
 * Sites that live on handing out codes or cash-back, by the name that their hosts end with. Our own list, written by hand from
 * what these services call themselves; docs/screen.md says how it is kept.
 */
const COUPON_HOSTS: ReadonlySet<string> = new Set(
  [
    "retailmenot.com vouchercodes.co.uk honey.com joinhoney.com couponfollow.com coupons.com couponcabin.com",
    "groupon.com groupon.co.uk slickdeals.net hotukdeals.com mydealz.de dealabs.com pepper.com pepper.pl chollometro.com",
    "rakuten.com rakuten.co.uk topcashback.com topcashback.co.uk quidco.com swagbucks.com befrugal.com ibotta.com",
    "capitaloneshopping.com wikibuy.com dealspotr.com simplycodes.com knoji.com wethrift.com dontpayfull.com",
    "promocodes.com offers.com couponbirds.com couponchief.com goodsearch.com savings.com savoo.co.uk myvouchercodes.co.uk",
    "voucherbox.co.uk gutscheine.de gutscheinpony.de sparwelt.de coupons.de couponplatz.de iconsumer.com shoop.de",
    "igraal.com poulpeo.com widilo.fr ma-reduc.com radins.com bravodeal.com cuponation.com picodi.com latestdeals.co.uk",
    "cashrewards.com.au shopback.com shopback.sg ozbargain.com.au couponraja.in grabon.in coupondunia.in",
    "referralcodes.com refermate.com invitation.codes referral-code.net codesreferral.com refer-codes.com",
  ].flatMap((line) => line.split(" ")),
);

/** Whether a host is such a site, or lies under one. Takes it as a browser names it, in any case, with or without a port. */
export function isCouponHost(host: string): boolean {
  return endsOf(host).some((end) => COUPON_HOSTS.has(end));
}

/** A host and every name that it lies under, longest first: "www.shop.example" gives itself, "shop.example", "example". */
export function endsOf(host: string): string[] {
  const name = host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
  const labels = name.split(".");
  return labels.map((_, place) => labels.slice(place).join("."));
}
