// Writes docs/errors.md from the catalogue in app/platform/errors.ts: node scripts/bootstrap.mjs scripts/docs.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { ERROR_CATALOGUE } from "../app/platform/errors.ts";
import type { ErrorEntry } from "../app/platform/errors.ts";

const ROOT = join(import.meta.dirname, "..");

/** Where the page of the errors lies. */
export const ERRORS_PAGE = join(ROOT, "docs", "errors.md");

const INTRODUCTION = `<!-- Written by scripts/docs.ts from app/platform/errors.ts: change that file, then run \`node scripts/bootstrap.mjs scripts/docs.ts\`. -->

# Errors

Every error that Goodword answers over HTTP has this body, and nothing else: no stack, no SQL, no fact of another shop.

\`\`\`json
{ "error": { "code": "buy_first", "message": "A first purchase is needed before you can refer friends." } }
\`\`\`

Codes are stable; messages may be reworded. "Later" means that the same request may succeed when it is sent again.

| Code | Status | Try again | Message | For the person who runs the app |
| --- | --- | --- | --- | --- |
`;

/** @returns the text of docs/errors.md as it has to be, formatted like every other page */
export async function errorsPage(): Promise<string> {
  const entries: readonly [string, ErrorEntry][] = Object.entries(ERROR_CATALOGUE);
  const rows = entries.map(
    ([code, entry]) =>
      `| \`${code}\` | ${entry.status} | ${entry.retry} | ${cell(entry.message)} | ${cell(entry.operator)} |`,
  );
  return format(`${INTRODUCTION}${rows.join("\n")}\n`, { ...(await resolveConfig(ERRORS_PAGE)), parser: "markdown" });
}

/** @returns the page as it is now; empty when there is none */
export function errorsPageNow(): string {
  try {
    return readFileSync(ERRORS_PAGE, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

/** A bar in a cell would be read as the end of the cell. */
function cell(text: string): string {
  return text.replaceAll("|", String.raw`\|`);
}

if (import.meta.main) writeFileSync(ERRORS_PAGE, await errorsPage());
