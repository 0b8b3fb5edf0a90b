import { z } from "zod";
import { defineOperation } from "../operation.ts";

const userErrors = z.array(z.object({ code: z.string().nullable() }));

/** Switches the app's web pixel on. A shop has one: the second time Shopify says TAKEN. */
export const webPixelCreateOperation = defineOperation({
  name: "WebPixelCreate",
  kind: "change",
  document: /* GraphQL */ `
    mutation WebPixelCreate($pixel: WebPixelInput!) {
      webPixelCreate(webPixel: $pixel) {
        webPixel {
          id
        }
        userErrors {
          code
        }
      }
    }
  `,
  data: z.object({ webPixelCreate: z.object({ webPixel: z.object({ id: z.string() }).nullable(), userErrors }) }),
  costMax: 15,
});

/** The app's own web pixel, as it is set up. */
export const webPixelLookOperation = defineOperation({
  name: "WebPixelLook",
  kind: "read",
  document: /* GraphQL */ `
    query WebPixelLook {
      webPixel {
        id
        settings
      }
    }
  `,
  data: z.object({ webPixel: z.object({ id: z.string(), settings: z.unknown() }).nullable() }),
  costMax: 5,
});

/** Gives the pixel other settings: the app has moved. */
export const webPixelUpdateOperation = defineOperation({
  name: "WebPixelUpdate",
  kind: "change",
  document: /* GraphQL */ `
    mutation WebPixelUpdate($id: ID!, $pixel: WebPixelInput!) {
      webPixelUpdate(id: $id, webPixel: $pixel) {
        webPixel {
          id
        }
        userErrors {
          code
        }
      }
    }
  `,
  data: z.object({ webPixelUpdate: z.object({ webPixel: z.object({ id: z.string() }).nullable(), userErrors }) }),
  costMax: 15,
});
