import { createHmac, timingSafeEqual } from "node:crypto";

// Tells whether a message came from the portal in the last five minutes; `body` is the raw Buffer.
export function isGenuine(secret, headers, body) {
  const sentAt = headers["webhook-timestamp"];
  if (!(Math.abs(Date.now() / 1000 - Number(sentAt)) <= 300)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const right = createHmac("sha256", key)
    .update(`${headers["webhook-id"]}.${sentAt}.`)
    .update(body)
    .digest();
  return headers["webhook-signature"].split(" ").some((part) => {
    const given = Buffer.from(part.split(",")[1] ?? "", "base64");
    return given.length === right.length && timingSafeEqual(given, right);
  });
}
