/** "gid://shopify/Order/123" is "123"; anything that is not a gid of that type throws, since Shopify made it. */
export function idOfGid(type: string, gid: string): string {
  const match = /^gid:\/\/shopify\/([A-Za-z]+)\/(\d{1,20})$/.exec(gid);
  if (match?.[1] !== type || match[2] === undefined) throw new RangeError(`not a ${type} gid`);
  return match[2];
}

/** The gid of a Shopify object from the digits of its id. */
export function gidOf(type: string, id: string): string {
  if (!/^\d{1,20}$/.test(id)) throw new RangeError(`not an id of a ${type}`);
  return `gid://shopify/${type}/${id}`;
}
