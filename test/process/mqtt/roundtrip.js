// What a client of MQTT does, once, with MQTT.js: roundtrip.js FOLDER URL VERSION [CA], where
// FOLDER holds node_modules, URL is mqtt://, mqtts://, ws://, wss:// or unix:PATH, and VERSION is 3,
// 4 or 5. Prints "ok" at the end. Each step awaits what the broker sends.
'use strict';
const assert = require('assert');
const fs = require('fs');
const net = require('net');

const [folder, url, versionText, authority] = process.argv.slice(2);
const mqtt = require(folder + '/node_modules/mqtt');
const version = Number(versionText);
const isV5 = version === 5;
const LARGE = Buffer.alloc(70000, 'abc');

async function open(name, more) {
  const options = {
    clientId: name,
    protocolVersion: version,
    protocolId: version === 3 ? 'MQIsdp' : 'MQTT',
    reconnectPeriod: 0,
    ca: authority ? fs.readFileSync(authority) : undefined,
    ...more,
  };
  const client = url.startsWith('unix:')
    ? new mqtt.MqttClient(() => net.connect(url.slice(5)), options)
    : mqtt.connect(url, options);
  const messages = [];
  let waiting = null;
  client.on('message', (topic, payload, packet) => {
    const message = [topic, payload.toString(), packet.qos, packet.retain, packet.properties];
    if (waiting) {
      waiting(message);
      waiting = null;
    } else {
      messages.push(message);
    }
  });
  client.take = () =>
    messages.length > 0 ? messages.shift() : new Promise((resolve) => (waiting = resolve));
  client.expect = async (...expected) => {
    const message = await client.take();
    assert.deepStrictEqual(message.slice(0, 4), expected);
    return message[4];
  };
  client.connack = await new Promise((resolve, reject) => {
    client.once('connect', resolve);
    client.once('error', reject);
  });
  return client;
}

async function eachQuality() {
  const receiver = await open('receiver');
  const sender = await open('sender');
  for (const asked of [0, 1, 2]) {
    const granted = await receiver.subscribeAsync('home/+/temp', { qos: asked });
    assert.strictEqual(granted[0].qos, asked);
    for (const qos of [0, 1, 2]) {
      for (const payload of ['', '21.5', LARGE.toString()]) {
        await sender.publishAsync('home/kitchen/temp', payload, { qos });
        await receiver.expect('home/kitchen/temp', payload, Math.min(asked, qos), false);
      }
    }
  }
  await receiver.endAsync();
  await sender.endAsync();
}

async function retained() {
  const sender = await open('sender');
  await sender.publishAsync('kept', '1', { qos: 1, retain: true });
  const receiver = await open('receiver');
  await receiver.subscribeAsync('kept', { qos: 1 });
  await receiver.expect('kept', '1', 1, true);
  await sender.publishAsync('kept', '', { qos: 1, retain: true });
  await receiver.expect('kept', '', 1, false);
  await receiver.endAsync();
  await sender.endAsync();
}

async function will() {
  const receiver = await open('receiver');
  await receiver.subscribeAsync('wills/#', { qos: 1 });
  const broken = await open('broken', { will: { topic: 'wills/broken', payload: 'gone', qos: 1 } });
  broken.stream.destroy();
  await receiver.expect('wills/broken', 'gone', 1, false);
  await receiver.endAsync();
}

async function session() {
  const kept = { clean: false, properties: isV5 ? { sessionExpiryInterval: 600 } : undefined };
  const sender = await open('sender');
  let sleeper = await open('sleeper', kept);
  await sleeper.subscribeAsync('later', { qos: 2 });
  await sleeper.endAsync();
  for (const number of [0, 1, 2, 3]) {
    await sender.publishAsync('later', String(number), { qos: 2 });
  }
  sleeper = await open('sleeper', kept);
  assert.strictEqual(sleeper.connack.sessionPresent, version !== 3);
  for (const number of [0, 1, 2, 3]) {
    await sleeper.expect('later', String(number), 2, false);
  }
  await sleeper.endAsync();
  await (await open('sleeper')).endAsync();
  await sender.endAsync();
}

// Aliases, user properties, and one message for one of those who share.
async function ofVersion5() {
  const aliases = { properties: { topicAliasMaximum: 10 }, autoUseTopicAlias: true };
  const receiver = await open('receiver', aliases);
  const sender = await open('sender', { ...aliases, autoAssignTopicAlias: true });
  await receiver.subscribeAsync('$share/team/work', { qos: 1, properties: { subscriptionIdentifier: 7 } });
  for (const number of [1, 2, 3, 4]) {
    const properties = { userProperties: { number: String(number) }, correlationData: Buffer.from('x') };
    await sender.publishAsync('work', String(number), { qos: 1, properties });
    const heard = await receiver.expect('work', String(number), 1, false);
    assert.strictEqual(heard.userProperties.number, String(number));
    assert.strictEqual(heard.subscriptionIdentifier, 7);
  }
  await receiver.endAsync();
  await sender.endAsync();
}

async function main() {
  await eachQuality();
  await retained();
  await will();
  await session();
  if (isV5) {
    await ofVersion5();
  }
}

main().then(
  () => console.log('ok'),
  (error) => {
    console.error(error);
    process.exit(1);
  }
);
