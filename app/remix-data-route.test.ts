import { expect, test } from "vitest";
import { dataRouteFor } from "./remix-data-route.ts";

const ROUTES = {
  root: { id: "root", path: "" },
  "routes/app": { id: "routes/app", parentId: "root", path: "app" },
  "routes/app._index": { id: "routes/app._index", parentId: "routes/app", index: true },
  "routes/app.review": { id: "routes/app.review", parentId: "routes/app", path: "review" },
  "routes/app.referrals._index": {
    id: "routes/app.referrals._index",
    parentId: "routes/app",
    path: "referrals",
    index: true,
  },
  "routes/app.referrals.$id": { id: "routes/app.referrals.$id", parentId: "routes/app", path: "referrals/:id" },
  "routes/app.referrals.new": { id: "routes/app.referrals.new", parentId: "routes/app", path: "referrals/new" },
  "routes/$": { id: "routes/$", parentId: "root", path: "*" },
};

test.each([
  ["/app/review", "routes/app.review"],
  ["/app/review/", "routes/app.review"],
  ["/app", "routes/app._index"],
  ["/app/referrals", "routes/app.referrals._index"],
  ["/app/referrals/019aa001", "routes/app.referrals.$id"],
  ["/app/referrals/new", "routes/app.referrals.new"],
  ["/app/nothing/here", null],
  ["/", null],
])("dataRouteFor leads a form posted to %s to %s", (path, id) => {
  expect(dataRouteFor(ROUTES, path)).toBe(id);
});
