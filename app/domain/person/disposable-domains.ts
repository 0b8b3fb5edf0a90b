/**
 * Services whose mailboxes are public, or gone within the day. Our own list, written by hand; docs/screen.md says how it is
 * kept. Relays that hide an address for good (Apple's, Mozilla's, DuckDuckGo's, SimpleLogin) are people's own choice and are
 * not here.
 */
export const DISPOSABLE_DOMAINS: ReadonlySet<string> = new Set(
  [
    "mailinator.com mailinator.net mailinator2.com guerrillamail.com guerrillamail.net guerrillamail.org guerrillamail.biz",
    "guerrillamailblock.com grr.la sharklasers.com spam4.me pokemail.net 10minutemail.com 10minutemail.net 10minutemail.co.uk",
    "20minutemail.com temp-mail.org temp-mail.io tempmail.com tempmail.net tempmail.dev tempmailo.com tempmailaddress.com",
    "tempail.com tempr.email tempinbox.com temporary-mail.net yopmail.com yopmail.fr yopmail.net cool.fr.nf jetable.org",
    "jetable.com nospam.ze.tc trashmail.com trashmail.de trashmail.net trashmail.ws trash-mail.com trash-mail.de trashmail.me",
    "wegwerfmail.de wegwerfmail.net wegwerfmail.org wegwerfemail.de spambog.com spambog.de spambox.us spamgourmet.com",
    "spamex.com spamfree24.org getnada.com nada.email dispostable.com maildrop.cc throwawaymail.com throwaway.email mohmal.com",
    "mohmal.in fakeinbox.com fakemailgenerator.com fake-mail.net emailfake.com email-fake.com emailondeck.com mailnesia.com",
    "mailcatch.com mailexpire.com mailnull.com mailsac.com mintemail.com moakt.com moakt.cc mytemp.email mytrashmail.com",
    "inboxbear.com inboxkitten.com incognitomail.com incognitomail.org burnermail.io burner.email discard.email discardmail.com",
    "discardmail.de dropmail.me disposablemail.com disposableinbox.com e4ward.com einrot.com armyspy.com cuvox.de dayrep.com",
    "fleckens.hu gustr.com jourrapide.com rhyta.com superrito.com teleworm.us linshiyouxiang.net luxusmail.org minuteinbox.com",
    "owlymail.com smailpro.com tmail.io tmailor.com tmpmail.org tmpmail.net vomoto.com zetmail.com 33mail.com harakirimail.com",
    "anonbox.net anonymbox.com deadaddress.com mailforspam.com mail-temporaire.fr mail-temp.com muellmail.com crazymailing.com",
  ].flatMap((line) => line.split(" ")),
);
