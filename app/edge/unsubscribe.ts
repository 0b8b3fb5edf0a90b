import type { FastifyInstance } from "fastify";

const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-robots-tag": "noindex",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
};
const TOKEN_LENGTH_MAX = 400;

type UnsubscribeDeps = { stopMails(token: string): Promise<{ readonly outcome: "stopped" | "unknown_link" }> };

/**
 * The link in every customer mail. A GET changes nothing, since mail scanners open links: it shows a page with one button.
 * The POST, which is also what a mail program's own button sends, stops the mails.
 */
export function registerUnsubscribe(app: FastifyInstance, deps: UnsubscribeDeps): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // Whatever the form or the mail program sends, the token in the path is all that counts.
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: 4_096 }, (_request, _body, done) =>
      done(null, null),
    );
    scope.get<{ Params: { token: string } }>("/unsubscribe/:token", (_request, reply) =>
      reply
        .headers(PAGE_HEADERS)
        .send(page("Stop these e-mails?", '<form method="post"><button>Stop e-mails about referrals</button></form>')),
    );
    scope.post<{ Params: { token: string } }>("/unsubscribe/:token", async (request, reply) => {
      const { token } = request.params;
      const result = token.length > TOKEN_LENGTH_MAX ? { outcome: "unknown_link" } : await deps.stopMails(token);
      if (result.outcome !== "stopped")
        return reply
          .code(404)
          .headers(PAGE_HEADERS)
          .send(page("This link is not known", "<p>Please use the link of your newest e-mail.</p>"));
      return reply
        .headers(PAGE_HEADERS)
        .send(page("You will get no more e-mails", "<p>Your rewards stay in your account.</p>"));
    });
  });
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>body{font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1.5rem;color:#1f2937}
button{font:inherit;padding:.7rem 1.2rem;border:0;border-radius:.6rem;background:#14532d;color:#fff;cursor:pointer}
button:focus-visible{outline:3px solid #86efac;outline-offset:2px}@media (prefers-color-scheme:dark){body{background:#111827;color:#f3f4f6}}</style>
<h1>${title}</h1>${body}</html>`;
}
