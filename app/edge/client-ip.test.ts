import { expect, test } from "vitest";
import { callerNetwork, parseClientIp } from "./client-ip.ts";

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

test.each([
  ["what the proxy tells", "203.0.113.24, 10.0.0.1", "10.0.0.9", "203.0.113"],
  ["who opened the connection, where nobody stands between", undefined, "203.0.113.24", "203.0.113"],
  ["nobody's, where only a proxy of ours is seen", undefined, "::ffff:10.0.0.9", null],
  ["nobody's, on this machine", undefined, "127.0.0.1", null],
  ["nobody's, on this machine by IPv6", undefined, "::1", null],
  ["nobody's, where the header names a private network", "192.168.1.7", "203.0.113.24", null],
  ["nobody's, in a carrier's own network", undefined, "100.64.3.4", null],
  ["nobody's, in a private network by IPv6", "fd00::7", "203.0.113.24", null],
  ["who opened the connection, where the header came twice", ["1.1.1.1", "2.2.2.2"], "203.0.113.24", "203.0.113"],
])("a call is counted for %s", (_what, forwardedFor, peer, network) => {
  expect(callerNetwork(forwardedFor, peer)).toBe(network);
});
