import { build } from "esbuild";

/**
 * Bundles a UI extension as Shopify's command line does: one minified file with Preact in it. The app's address, which
 * `npm run shopify:configure` writes into `extensions/shared/app.json` for a real shop, is put in here.
 *
 * @returns the text of a script that defines `extension`, whose `default` runs it
 */
export async function bundleExtension(entry: string, appUrl: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    globalName: "extension",
    target: "es2022",
    logLevel: "error",
    jsx: "automatic",
    jsxImportSource: "preact",
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [
      {
        name: "app-url",
        setup(builder) {
          builder.onLoad({ filter: /[/\\]extensions[/\\]shared[/\\]app\.json$/ }, () => ({
            contents: JSON.stringify({ appUrl }),
            loader: "json",
          }));
        },
      },
    ],
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`${entry} was bundled into nothing`);
  return file.text;
}

/**
 * Wraps a bundle so that it sees what a UI extension sees at Shopify, and no more: a document whose body is its own place
 * on the page, the `shopify` global, `navigation`; no window, no storage, no address. Its calls go out by
 * the `fetch` of its host: in the admin that knows the app's address and who asks.
 */
export function sandboxed(bundle: string): string {
  const hidden = ["window", "self", "localStorage", "sessionStorage", "location", "history", "parent", "top"];
  return `export default (document, shopify, navigation, fetch, ${hidden.join(", ")}) => {\n${bundle}\nreturn extension.default();\n};\n`;
}
