import { expect, test } from "vitest";
import { parseClientIp } from "./client-ip.ts";

test.each([
  ["203.0.113.24", "203.0.113.24", "203.0.113"],
  [" 203.0.113.24 , 10.0.0.1", "203.0.113.24", "203.0.113"],
  ["::ffff:203.0.113.24", "203.0.113.24", "203.0.113"],
  ["2001:DB8::1", "2001:db8:0:0:0:0:0:1", "2001:db8:0"],
  ["2001:0db8:0001:0002:0000:0000:0000:0001", "2001:db8:1:2:0:0:0:1", "2001:db8:1"],
  ["::", "0:0:0:0:0:0:0:0", "0:0:0"],
  ["fe80::", "fe80:0:0:0:0:0:0:0", "fe80:0:0"],
])("parseClientIp reads %s in one spelling", (text, ip, prefix) => {
  expect(parseClientIp(text)).toEqual({ ip, prefix });
});

test.each([null, "", "unknown", "203.0.113.256", "203.0.113.24:80", "fe80::1%eth0", "<script>"])(
  "parseClientIp finds no address in %s",
  (text) => {
    expect(parseClientIp(text)).toBeNull();
  },
);
