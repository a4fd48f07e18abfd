// SPEC.md's table of events, over Socket.IO (WebSocket and polling) and over a plain WebSocket.
import { strict as assert } from "node:assert";
import { plain, socketIo } from "./clients.mjs";
import { send, until, userId, userToken } from "./lib.mjs";

for (const open of [() => socketIo("websocket"), () => socketIo("polling"), plain]) {
  const client = await open();
  const last = (event) => client.heard.filter((f) => f.event === event).at(-1)?.data;
  const heard = async (event) => {
    await until(() => last(event) !== undefined, event);
    return last(event);
  };
  const hello = last("connected");
  assert.equal(hello.userId, userId);
  assert.match(hello.position, /^[a-z0-9]+-\d+$/);
  assert.ok(hello.rooms.includes(`user:${userId}`));
  assert.ok(hello.serverTime.endsWith("Z"));

  client.emit("ping");
  assert.ok((await heard("pong")).timestamp);
  assert.ok((await client.ask("ping")).timestamp);
  assert.deepEqual(await client.ask("joinRoom", { room: "job:1" }), { room: "job:1" });
  assert.deepEqual(await client.ask("joinRoom", "job:2"), { room: "job:2" });
  assert.deepEqual(await heard("joinedRoom"), { room: "job:2" });
  assert.deepEqual(await client.ask("leaveRoom", { room: "job:2" }), { room: "job:2" });
  assert.deepEqual(await heard("leftRoom"), { room: "job:2" });
  const stats = await client.ask("getPresence");
  assert.ok(stats.onlineUsers >= 1 && stats.connectionsByTransport);
  assert.deepEqual(Object.keys(await heard("presenceStats")).sort(),
    ["connections", "connectionsByTransport", "onlineUsers", "sessions", "usersByRole"]);
  assert.equal((await client.ask("updateLocation", { latitude: 1, longitude: 2 })).latitude, 1);
  assert.ok(await heard("locationUpdated"));

  const receipt = await send("booking.created", { bookingId: 7 });
  const notification = await heard("booking.created");
  assert.equal(notification.id, receipt.id);
  assert.deepEqual(notification.data, { bookingId: 7 });
  assert.deepEqual(Object.keys(notification), ["id", "event", "title", "message", "data", "createdAt"]);
  const read = await client.ask("markNotificationRead", { notificationId: receipt.id });
  assert.equal(read.notificationId, receipt.id);
  assert.equal((await heard("notificationRead")).readAt, read.readAt);
  assert.equal((await client.ask("ack", { position: receipt.position })).position, receipt.position);
  assert.equal((await client.ask("resume", { position: hello.position })).position, receipt.position);
  assert.equal(client.heard.filter((f) => f.event === "booking.created").length, 2);
  assert.ok((await client.ask("refreshToken", { token: userToken })).expiresAt);
  assert.ok(await heard("tokenRefreshed"));
  assert.deepEqual(await client.ask("echo", { a: [1, "zwei"] }), { a: [1, "zwei"] });

  for (const [event, data, code] of [
    ["joinRoom", { room: "user:somebody" }, "FORBIDDEN_ROOM"],
    ["joinRoom", { room: "closed" }, "FORBIDDEN_ROOM"],
    ["joinRoom", { room: "a\nb" }, "INVALID_PAYLOAD"],
    ["joinRoom", {}, "INVALID_PAYLOAD"],
    ["updateLocation", { latitude: 91, longitude: 0 }, "INVALID_PAYLOAD"],
    ["markNotificationRead", { notificationId: "no" }, "INVALID_PAYLOAD"],
    ["markNotificationRead", { notificationId: "01890a5d-ac96-774b-bcce-b302099a8057" }, "NOT_FOUND"],
    ["resume", { position: "no" }, "INVALID_PAYLOAD"],
    ["ack", { position: receipt.position + "0" }, "INVALID_PAYLOAD"],
    ["refreshToken", { token: "no" }, "UNAUTHORIZED"],
    ["getPresence", { userId: "somebody" }, "UNAUTHORIZED"],
    ["nonsense", {}, "UNKNOWN_EVENT"],
    ["fail", {}, "UNAVAILABLE"],
  ]) {
    const answer = await client.ask(event, data);
    assert.equal(answer.code, code, `${event} ${JSON.stringify(data)}: ${JSON.stringify(answer)}`);
    assert.ok(answer.message);
    assert.equal((await heard("error")).event, event);
  }
  client.close();
}
console.log("ok");
