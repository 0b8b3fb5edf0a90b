/** A message as it would reach somebody, with what code put into it. */
export type Message = {
  readonly kind: string;
  readonly text: string;
  readonly values: { readonly link: string; readonly reward: string; readonly name: string | null };
};

const LENGTH_MAX = 700;
/** Words in capitals that a code would be; the shop of the proof has none in its name. */
const CODE = /[A-Z]{4,}/;
const FORBIDDEN: readonly (readonly [string, RegExp])[] = [
  ["url", /:\/\/|www\.|\.(?:com|example|net|org|ly)\b|\bdot com\b|javascript:|mailto:|。com/i],
  ["amount", /[0-9０-９٠-٩£$€¥%½]|\b(?:pounds?|percent|euros?|dollars?|dólares|GBP)\b|half price|円|割引/i],
  ["code", CODE],
  ["markup", /[<>*_#[\]`~|\\@＠{}&^]/],
  ["invisible", /[\p{C}\p{Zl}\p{Zp}\u3164]|\uFE0F/u],
  ["profane", /fuck|scheiss|putain|mierda|klootzak|くそ/i],
  ["script", /[\u0400-\u04FF\u0590-\u06FF\u0E00-\u0E7F]/u],
];

/**
 * What is wrong with a message, by rules of its own: they share nothing with the gate. Everything that code put in is taken out
 * first, so that what is left is what somebody wrote. An empty list is a message that may go out.
 */
export function faultsOf({ kind, text, values }: Message): string[] {
  const faults: string[] = [];
  const links = text.split(values.link).length - 1;
  if (links !== (kind.startsWith("invite") ? 1 : 0)) faults.push(`links:${String(links)}`);
  if (!text.includes(values.reward)) faults.push("no_reward");
  if (text.length > LENGTH_MAX) faults.push("too_long");
  if (text.trim().length < 20) faults.push("too_short");
  const after = text.split(values.link)[1];
  if (after !== undefined && /^[^\s.,!?]/.test(after)) faults.push("link_glued");
  const written = [values.link, values.reward, ...(values.name === null ? [] : [values.name])].reduce(
    (rest, value) => rest.replaceAll(value, ""),
    text,
  );
  for (const [fault, pattern] of FORBIDDEN) if (pattern.test(written)) faults.push(fault);
  return faults;
}
