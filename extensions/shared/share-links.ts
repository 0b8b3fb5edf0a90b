/** Where the buttons lead: the message is filled in, the friend is chosen and the sending is done by the customer. */
export type ShareLinks = { readonly whatsapp: string; readonly sms: string; readonly email: string };

/**
 * @param message the invite, with the link in it
 * @param short the same for a text message, which is read on a small screen and paid by its length
 */
export function shareLinks(message: string, short: string, subject: string): ShareLinks {
  const text = encodeURIComponent(message);
  return {
    whatsapp: `https://wa.me/?text=${text}`,
    // `?&` is what both iOS and Android read a body from
    sms: `sms:?&body=${encodeURIComponent(short)}`,
    email: `mailto:?subject=${encodeURIComponent(subject)}&body=${text}`,
  };
}
