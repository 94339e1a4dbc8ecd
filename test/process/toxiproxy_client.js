// A client library of Toxiproxy (npm: toxiproxy-node-client) against exe/proxy: what it asks for is
// done, and what it reads is what it expects. Run by proxy_toxiproxy_test:
//   node toxiproxy_client.js API-PORT BROKER-PORT
"use strict";
const assert = require("node:assert");
const net = require("node:net");
const { Toxiproxy } = require("toxiproxy-node-client");

const [, , apiPort, brokerPort] = process.argv;

// How long the broker takes to answer a CONNECT through the proxy, in milliseconds.
function connect(place) {
  const [host, port] = place.split(":");
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const socket = net.connect(Number(port), host, () => {
      socket.write(Buffer.from([0x10, 13, 0, 4, 77, 81, 84, 84, 4, 2, 0, 0, 0, 1, 97]));
    });
    socket.on("data", (data) => {
      socket.destroy();
      assert.deepStrictEqual([...data], [0x20, 2, 0, 0]);
      resolve(Number(process.hrtime.bigint() - started) / 1e6);
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("closed without an answer")));
  });
}

async function main() {
  const toxiproxy = new Toxiproxy(`http://127.0.0.1:${apiPort}`);
  assert.match(await toxiproxy.getVersion(), /2\./);
  const proxy = await toxiproxy.createProxy({
    name: "mqtt", listen: "127.0.0.1:0", upstream: `127.0.0.1:${brokerPort}`,
  });
  assert.strictEqual(proxy.enabled, true);
  await connect(proxy.listen);

  const toxic = await proxy.addToxic({
    name: "slow", type: "latency", stream: "downstream", toxicity: 1,
    attributes: { latency: 300, jitter: 0 },
  });
  assert.ok((await connect(proxy.listen)) >= 300, "latency is added");
  toxic.attributes.latency = 400;
  await toxic.update({ attributes: { latency: 400 } });
  assert.ok((await connect(proxy.listen)) >= 400, "latency is changed");
  assert.strictEqual((await proxy.getToxic("slow")).attributes.latency, 400);
  await toxic.remove();
  await assert.rejects(proxy.getToxic("slow"), /404/);
  await connect(proxy.listen);

  const off = await proxy.update({ enabled: false, listen: proxy.listen, upstream: proxy.upstream });
  assert.strictEqual(off.enabled, false);
  await assert.rejects(connect(proxy.listen));
  await toxiproxy.reset();
  await connect(proxy.listen);

  const listed = await toxiproxy.getAll();
  assert.ok(listed.mqtt !== undefined);
  const populated = await toxiproxy.populate([
    { name: "other", listen: "127.0.0.1:0", upstream: `127.0.0.1:${brokerPort}` },
  ]);
  await connect(populated.other.listen);
  await (await toxiproxy.get("other")).remove();
  await assert.rejects(toxiproxy.get("other"), /404/);
  await proxy.remove();
  assert.strictEqual((await toxiproxy.getAll()).mqtt, undefined);
  console.log("all as a Toxiproxy would");
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
