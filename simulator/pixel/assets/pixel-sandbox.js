/* The strict sandbox of a web pixel, inside its worker: the API it is given, and nothing of the page. The pixel follows below. */
"use strict";
{
  const questions = new Map();
  const listeners = new Map();
  const realFetch = self.fetch.bind(self);
  let run;

  function ask(kind, name) {
    return new Promise((resolve) => {
      const number = questions.size + 1;
      questions.set(number, resolve);
      self.postMessage({ ask: number, kind, name });
    });
  }

  /* What the pixel tells the app is told to the host too, so that the simulator's page can show it. */
  self.fetch = async (url, init) => {
    const { tokens = [] } = JSON.parse(init?.body ?? "{}");
    try {
      const response = await realFetch(url, init);
      self.postMessage({ told: { tokens: tokens.length, status: response.status } });
      return response;
    } catch (error) {
      self.postMessage({ told: { tokens: tokens.length } });
      throw error;
    }
  };

  self.shopify = {
    extend(_point, pixel) {
      run = pixel;
    },
  };

  self.addEventListener("message", ({ data }) => {
    if (data.answer) questions.get(data.answer)?.(data.value);
    if (data.init)
      run({
        analytics: { subscribe: (event, heard) => listeners.set(event, heard) },
        browser: {
          cookie: { get: (name) => ask("cookie", name) },
          localStorage: { getItem: (name) => ask("localStorage", name) },
        },
        init: data.init,
        settings: data.settings,
        customerPrivacy: { subscribe: (event, heard) => listeners.set(event, heard) },
      });
    if (data.consent) listeners.get("visitorConsentCollected")?.({ customerPrivacy: data.consent });
    if (data.event) {
      self.postMessage({ heard: true });
      void listeners.get(data.event)?.({ data: data.data });
    }
  });
}
