import { normaliseEmail } from "../person/email.ts";
import { normaliseCode } from "./alias.ts";

/** Whom a line names: a customer of the shop, by Shopify's id or by e-mail address. */
export type ImportedOwner = { readonly kind: "customer" | "email"; readonly value: string };
/** A line of the file; numbers begin at 1 and count the heading. */
export type ImportedLine = { readonly line: number; readonly text: string } & (
  | { readonly outcome: "readable"; readonly code: string; readonly owner: ImportedOwner }
  | { readonly outcome: "unreadable"; readonly reason: "not_a_name" | "not_a_customer" | "not_two_fields" }
);

/** Lines of one import. More are brought in several files: the whole of one is decided in one transaction. */
export const IMPORT_LINES_MAX = 2_000;
const TEXT_SHOWN_MAX = 80;
const HEADING = /^"?code"?\s*[,;\t]/i;
const CUSTOMER = /^(?:gid:\/\/shopify\/Customer\/)?(\d{1,20})$/;

/**
 * Reads lines of `code,customer`, where the customer is an id of Shopify or an e-mail address. Commas, semicolons and tabs
 * part the two; quotes around a field and a heading that begins with "code" are passed over, and so are empty lines.
 *
 * @returns null when there are more lines than one import takes
 */
export function readImportedLines(text: string): ImportedLine[] | null {
  const lines = text.split(/\r\n|\r|\n/).map((line, index) => ({ line: index + 1, text: line.trim() }));
  const filled = lines.filter((each) => each.text !== "" && !(each.line === 1 && HEADING.test(each.text)));
  return filled.length > IMPORT_LINES_MAX ? null : filled.map((each) => readLine(each.line, each.text));
}

function readLine(line: number, text: string): ImportedLine {
  const shown = { line, text: text.slice(0, TEXT_SHOWN_MAX) };
  const fields = text.split(/[,;\t]/).map((field) => field.trim().replaceAll(/^"|"$/g, ""));
  const [typed = "", owner = ""] = fields;
  if (fields.length !== 2) return { ...shown, outcome: "unreadable", reason: "not_two_fields" };
  const code = normaliseCode(typed);
  if (code === null) return { ...shown, outcome: "unreadable", reason: "not_a_name" };
  const customer = CUSTOMER.exec(owner)?.[1];
  if (customer !== undefined)
    return { ...shown, outcome: "readable", code, owner: { kind: "customer", value: customer } };
  const email = normaliseEmail(owner);
  if (email === null) return { ...shown, outcome: "unreadable", reason: "not_a_customer" };
  return { ...shown, outcome: "readable", code, owner: { kind: "email", value: email } };
}
