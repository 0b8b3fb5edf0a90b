import type { FastifyRequest } from "fastify";
import { jsonForScript, html, type Html } from "../pages/html.ts";
import { loadExtensionTargets, textsOf, type ExtensionTarget } from "./catalogue.ts";

/** An extension on a page: which one, in which language, and how it gets its session tokens. */
export type Place = {
  readonly target: string;
  readonly locale: string;
  /** The myshopify domain. */
  readonly shop: string;
  readonly tokenUrl: string;
  /** Given in the admin, whose extensions call the app by paths: where it runs. */
  readonly appUrl?: string;
  /** What this target knows beyond what every target knows. */
  readonly api?: Readonly<Record<string, unknown>>;
};

const LOCALE = /^[a-z]{2}(?:-[A-Z]{2})?$/;

let known: ReadonlyMap<string, ExtensionTarget> | null = null;

/** Everything that the app extends, read once, by target. */
export function extensionTargets(): ReadonlyMap<string, ExtensionTarget> {
  known ??= new Map(loadExtensionTargets().map((each) => [each.target, each]));
  return known;
}

/** Draws the app's extensions of these places one below the other; null where the app extends none of them. */
export function drawExtensions(places: readonly Place[]): Html | null {
  const drawn = places.flatMap((place) => {
    const found = extensionTargets().get(place.target);
    return found === undefined ? [] : [placeOf(place, textsOf(found.folder, place.locale))];
  });
  return drawn.length === 0
    ? null
    : html`${drawn}
        <script type="module" src="/_extensions/host.js"></script>`;
}

function placeOf(place: Place, texts: unknown): Html {
  const facts = { ...place, texts, script: `/_extensions/${place.target}.js` };
  return html`<div class="extension" data-extension="${jsonForScript(facts).html}"></div>`;
}

/** The reader's language: asked for by `?locale=`, else what the browser prefers. */
export function localeOf(request: FastifyRequest): string {
  const asked = new URL(request.url, "http://shop").searchParams.get("locale") ?? "";
  const preferred = (request.headers["accept-language"] ?? "").split(/[,;]/)[0] ?? "";
  return [asked, preferred].find((locale) => LOCALE.test(locale)) ?? "en-GB";
}
