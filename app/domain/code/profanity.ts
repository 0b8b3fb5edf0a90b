/** What the alphabet (no I, L, O, U) can still spell, or nearly spell, that no shop wants on a card. */
const UNWANTED: readonly string[] = [
  ..."ARSE ASS BSTRD BTCH CNT CVNT CRAP DAMN DCK DEAD DYKE FAG FCK FKN FVCK HATE KKK NGR PDF PNS PRN".split(" "),
  ..."PSSY RAPE RAPST SCVM SEX SHT SPAZ TARD TWAT VAG WANK WHRE WTF XXX".split(" "),
];

/** Letters that digits are read as: 2 as Z, 3 as E, and so on. */
const LOOKALIKES: readonly (readonly [digit: string, letter: string])[] = [
  ["2", "Z"],
  ["3", "E"],
  ["4", "A"],
  ["5", "S"],
  ["7", "T"],
  ["8", "B"],
  ["9", "G"],
];

/** Whether a code contains a word of the kept list, also when digits stand for letters. Takes and expects capitals. */
export function isProfane(code: string): boolean {
  const read = LOOKALIKES.reduce((text, [digit, letter]) => text.replaceAll(digit, letter), code);
  return UNWANTED.some((word) => read.includes(word));
}
