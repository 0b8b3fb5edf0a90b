// Writes shopify.app.<name>.toml for one app at Shopify from the template shopify.app.toml. Asks for what the flags
// leave out: npm run shopify:configure -- --client-id ID --app-url URL --handle HANDLE [--name NAME] [--force]
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stdin, stdout } from "node:process";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { parse } from "smol-toml";

const ROOT = join(import.meta.dirname, "..");
const TEMPLATE = "shopify.app.toml";
const FIELDS = ["clientId", "appUrl", "handle", "name"] as const;

/** One app at Shopify, as the person who made it knows it. */
export type AppFacts = {
  /** The app's client id, never its secret. */
  readonly clientId: string;
  /** Public https origin of this installation. */
  readonly appUrl: string;
  /** The app's place in the address of Shopify's admin. */
  readonly handle: string;
  /** The middle of the file's name; a person may keep one file for staging and one for the live shop. */
  readonly name: string;
};

type Field = (typeof FIELDS)[number];
type Question = {
  readonly flag: string;
  readonly ask: string;
  readonly usual: string | null;
  readonly read: (text: string) => string;
};

/** What is asked for, in order; `read` returns the value in its final form or throws with what is wrong with it. */
const QUESTIONS: { readonly [K in Field]: Question } = {
  clientId: { flag: "client-id", ask: "Client id of the app", usual: null, read: readClientId },
  appUrl: { flag: "app-url", ask: "Public address of this installation (https://…)", usual: null, read: readAppUrl },
  handle: {
    flag: "handle",
    ask: "Handle of the app",
    usual: "goodword",
    read: (text) => readWord(text, 60, "a handle"),
  },
  name: {
    flag: "name",
    ask: "Name of this configuration",
    usual: "production",
    read: (text) => readWord(text, 40, "a name"),
  },
};

function readClientId(text: string): string {
  if (/^shp[a-z]+_/.test(text))
    throw new Error("that is a secret or a token; the client id is the other value on the same page");
  if (!/^[A-Za-z0-9-]{16,64}$/.test(text)) throw new Error("a client id is 16 to 64 letters and digits");
  return text;
}

function readAppUrl(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== "https:") throw new Error("the address must begin with https://");
  const isBare =
    url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  if (!isBare) throw new Error("the address must be scheme and host alone, without path, question mark or log-in");
  return url.origin;
}

function readWord(text: string, charactersMax: number, what: string): string {
  if (!/^[a-z0-9-]+$/.test(text) || text.length > charactersMax)
    throw new Error(`${what} is 1 to ${charactersMax} lower-case letters, digits and hyphens`);
  return text;
}

/**
 * Reads what a person gave on the command line or typed.
 *
 * @throws Error that names the flag and what is wrong with its value.
 */
export function readAppFacts(given: { readonly [K in Field]: string }): AppFacts {
  const read = (field: Field): string => {
    try {
      return QUESTIONS[field].read(given[field].trim());
    } catch (error) {
      throw new Error(`--${QUESTIONS[field].flag}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  };
  return { clientId: read("clientId"), appUrl: read("appUrl"), handle: read("handle"), name: read("name") };
}

/**
 * Fills the template in. Everything else in it stays as it is, comments too.
 *
 * @param template Text of shopify.app.toml.
 * @returns Text of shopify.app.<name>.toml.
 * @throws Error when the template has not exactly one place for each value.
 */
export function fillTemplate(template: string, facts: AppFacts): string {
  const callbacks = parse(template)["auth"];
  const known: unknown = typeof callbacks === "object" ? Reflect.get(callbacks, "redirect_urls") : undefined;
  if (!Array.isArray(known)) throw new Error(`${TEMPLATE} has no redirect_urls`);
  const redirects = known.map((url) => JSON.stringify(`${facts.appUrl}${new URL(String(url)).pathname}`));
  const values: readonly [line: RegExp, replacement: string][] = [
    [
      /^# The template of [^]*?\n\n/,
      `# Written by \`npm run shopify:configure\` from ${TEMPLATE}: change that file, not this one.\n\n`,
    ],
    [/^client_id = .*$/m, `handle = ${JSON.stringify(facts.handle)}\nclient_id = ${JSON.stringify(facts.clientId)}`],
    [/^application_url = .*$/m, `application_url = ${JSON.stringify(facts.appUrl)}`],
    [/^redirect_urls = .*$/m, `redirect_urls = [${redirects.join(", ")}]`],
  ];
  return values.reduce((text, [line, replacement]) => {
    if (text.match(new RegExp(line, `g${line.flags}`))?.length !== 1)
      throw new Error(`${TEMPLATE} must match ${String(line)} once`);
    return text.replace(line, () => replacement);
  }, template);
}

/**
 * Writes shopify.app.<name>.toml.
 *
 * @param options.force Replaces a file that is there.
 * @returns The file's name.
 * @throws Error when it is there and `force` was not given.
 */
export function writeAppConfig(facts: AppFacts, options: { force: boolean; folder?: string }): string {
  const folder = options.folder ?? ROOT;
  const file = `shopify.app.${facts.name}.toml`;
  if (existsSync(join(folder, file)) && !options.force) throw new Error(`${file} exists; --force replaces it`);
  writeFileSync(join(folder, file), fillTemplate(readFileSync(join(ROOT, TEMPLATE), "utf8"), facts));
  return file;
}

/** Where the extensions that are bundled for Shopify read the app's address from. */
const EXTENSIONS_ADDRESS = join("extensions", "shared", "app.json");

/**
 * Writes the app's address where the bundles of the extensions take it from: they run on Shopify's pages and cannot ask.
 *
 * @returns The file's name.
 */
export function writeExtensionsAddress(facts: Pick<AppFacts, "appUrl">, options: { folder?: string } = {}): string {
  const text = `{ "appUrl": ${JSON.stringify(facts.appUrl)} }\n`;
  writeFileSync(join(options.folder ?? ROOT, EXTENSIONS_ADDRESS), text);
  return EXTENSIONS_ADDRESS;
}

/** Asks for what the command line left out; without a terminal there is nobody to ask. */
async function completeBy(given: Partial<Record<Field, string>>): Promise<Record<Field, string>> {
  const answers: Record<Field, string> = { clientId: "", appUrl: "", handle: "", name: "", ...given };
  const open = FIELDS.filter((field) => given[field] === undefined);
  if (!stdin.isTTY) {
    const missing = open
      .filter((field) => QUESTIONS[field].usual === null)
      .map((field) => `--${QUESTIONS[field].flag}`);
    if (missing.length > 0) throw new Error(`${missing.join(" and ")} must be given where nobody can be asked`);
    for (const field of open) answers[field] = QUESTIONS[field].usual ?? "";
    return answers;
  }
  const terminal = createInterface({ input: stdin, output: stdout });
  // By line and not by question: several lines that are pasted at once are several answers.
  const lines = terminal[Symbol.asyncIterator]();
  for (const field of open) {
    const { ask, usual } = QUESTIONS[field];
    stdout.write(usual === null ? `${ask}: ` : `${ask} [${usual}]: `);
    const typed = await lines.next();
    if (typed.done === true) throw new Error("stopped; nothing was written");
    answers[field] = typed.value.trim() === "" ? (usual ?? "") : typed.value;
  }
  terminal.close();
  return answers;
}

async function main(): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: {
      "client-id": text,
      "app-url": text,
      handle: text,
      name: text,
      force: { type: "boolean", default: false },
    },
  });
  const given = Object.fromEntries(
    FIELDS.flatMap((field) => {
      const value = Reflect.get(values, QUESTIONS[field].flag);
      return typeof value === "string" ? [[field, value]] : [];
    }),
  );
  const facts = readAppFacts(await completeBy(given));
  const file = writeAppConfig(facts, { force: values.force });
  stdout.write(`wrote ${file}\nwrote ${writeExtensionsAddress(facts)}\n\n`);
  stdout.write(
    `In the environment of the app:\n  SHOPIFY_API_KEY=${facts.clientId}\n  SHOPIFY_APP_URL=${facts.appUrl}\n  SHOPIFY_APP_HANDLE=${facts.handle}\n\n`,
  );
  stdout.write("Next: docs/going-live.md\n");
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`goodword: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
