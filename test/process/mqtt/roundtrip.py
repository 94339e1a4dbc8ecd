"""Everything that a client of MQTT does, once, with paho: roundtrip.py URL VERSION [CA].

URL is mqtt://HOST:PORT, mqtts://, ws:// or wss://; VERSION is 3, 4 or 5. Prints "ok" at the end.
Nothing waits for time to pass: each step awaits what the broker sends.
"""

import queue
import sys
from urllib.parse import urlparse

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

DEADLINE_S = 60
LARGE = bytes(range(256)) * 300
url = urlparse(sys.argv[1])
version = int(sys.argv[2])
authority = sys.argv[3] if len(sys.argv) > 3 else None
is_v5 = version == mqtt.MQTTv5


class Client:
    """A connected client whose callbacks fill queues, in a thread of its own if `stays`."""

    def __init__(self, name, clean=True, will=None, stays=True):
        options = {} if is_v5 else {"clean_session": clean}
        transport = "websockets" if url.scheme in ("ws", "wss") else "tcp"
        self.paho = mqtt.Client(name, protocol=version, transport=transport, **options)
        self.connected, self.messages = queue.Queue(), queue.Queue()
        self.subscribed, self.published = queue.Queue(), queue.Queue()
        self.unsubscribed, self.disconnected = queue.Queue(), queue.Queue()
        self.paho.on_connect = lambda c, u, flags, rc, *more: self.connected.put((flags, rc))
        self.paho.on_message = lambda c, u, message: self.messages.put(message)
        self.paho.on_subscribe = lambda c, u, mid, granted, *more: self.subscribed.put(granted)
        self.paho.on_unsubscribe = lambda c, u, mid, *more: self.unsubscribed.put(mid)
        self.paho.on_publish = lambda c, u, mid: self.published.put(mid)
        self.paho.on_disconnect = lambda c, u, rc, *more: self.disconnected.put(rc)
        if url.scheme in ("mqtts", "wss"):
            self.paho.tls_set(authority)
        if will is not None:
            self.paho.will_set(*will)
        if is_v5:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = 0 if clean else 600
            options = {"clean_start": clean, "properties": properties}
        self.paho.connect(url.hostname, url.port, **options if is_v5 else {})
        if stays:
            self.paho.loop_start()
        while not stays and self.connected.empty():
            self.paho.loop()
        flags, code = self.connected.get(timeout=DEADLINE_S)
        assert code == 0, code
        self.session_present = flags["session present"]

    def subscribe(self, topic, qos):
        """Subscribes and awaits that it was granted."""
        self.paho.subscribe(topic, qos)
        granted = self.subscribed.get(timeout=DEADLINE_S)[0]
        assert getattr(granted, "value", granted) == qos, granted

    def publish(self, topic, payload, qos, **more):
        """Publishes and awaits that the broker has it (QoS 1 and 2)."""
        self.paho.publish(topic, payload, qos, **more)
        self.published.get(timeout=DEADLINE_S)

    def expect(self, topic, payload, qos, retain=False):
        """The next message is this one."""
        message = self.messages.get(timeout=DEADLINE_S)
        is_it = (message.topic, message.payload, message.qos, bool(message.retain))
        assert is_it == (topic, payload, qos, retain), (message.topic, message.qos, message.retain)
        return message

    def end(self):
        """Disconnects and awaits the end."""
        self.paho.disconnect()
        self.disconnected.get(timeout=DEADLINE_S)
        self.paho.loop_stop()

    def break_off(self):
        """Ends the stream without a DISCONNECT."""
        self.paho.socket().close()


def each_quality():
    """What is published arrives once, in order, at the lower of both levels."""
    receiver, sender = Client("receiver"), Client("sender")
    for asked in range(3):
        receiver.subscribe("home/+/temp", asked)
        for qos in range(3):
            for payload in (b"", b"21.5", LARGE):
                sender.publish("home/kitchen/temp", payload, qos)
                receiver.expect("home/kitchen/temp", payload, min(asked, qos))
    receiver.paho.unsubscribe("home/+/temp")
    receiver.unsubscribed.get(timeout=DEADLINE_S)
    receiver.subscribe("mark", 0)
    sender.publish("home/kitchen/temp", b"unseen", 1)
    sender.publish("mark", b"seen", 1)
    receiver.expect("mark", b"seen", 0)
    receiver.end()
    sender.end()


def retained():
    """The last retained value comes first, and an empty one removes it."""
    sender = Client("sender")
    sender.publish("kept", b"1", 1, retain=True)
    sender.publish("kept", b"2", 1, retain=True)
    receiver = Client("receiver")
    receiver.subscribe("kept", 1)
    receiver.expect("kept", b"2", 1, retain=True)
    sender.publish("kept", b"", 1, retain=True)
    receiver.expect("kept", b"", 1)
    receiver.end()
    sender.end()


def will():
    """A stream that breaks off publishes the will; DISCONNECT does not."""
    receiver = Client("receiver")
    receiver.subscribe("wills/#", 1)
    Client("polite", will=("wills/polite", b"gone", 1)).end()
    Client("broken", will=("wills/broken", b"gone", 1), stays=False).break_off()
    receiver.expect("wills/broken", b"gone", 1)
    receiver.end()


def session():
    """A session waits for its client."""
    sender = Client("sender")
    receiver = Client("sleeper", clean=False)
    receiver.subscribe("later", 2)
    receiver.end()
    for number in range(5):
        sender.publish("later", b"%d" % number, 2)
    receiver = Client("sleeper", clean=False)
    assert receiver.session_present == (0 if version == 3 else 1), receiver.session_present
    for number in range(5):
        receiver.expect("later", b"%d" % number, 2)
    receiver.end()
    Client("sleeper").end()
    sender.end()


def properties():
    """What MQTT 5.0 lets a publisher say reaches the subscriber."""
    receiver, sender = Client("receiver"), Client("sender")
    receiver.subscribe("said", 1)
    said = Properties(PacketTypes.PUBLISH)
    said.UserProperty = [("a", "1"), ("a", "2")]
    said.ResponseTopic = "answers"
    said.CorrelationData = b"\0\1"
    said.ContentType = "text/plain"
    said.MessageExpiryInterval = 1000
    sender.publish("said", b"words", 1, properties=said)
    heard = receiver.expect("said", b"words", 1).properties
    for name in ("UserProperty", "ResponseTopic", "CorrelationData", "ContentType"):
        assert getattr(heard, name) == getattr(said, name), name
    assert 0 < heard.MessageExpiryInterval <= 1000
    receiver.end()
    sender.end()


each_quality()
retained()
will()
session()
if is_v5:
    properties()
print("ok")
