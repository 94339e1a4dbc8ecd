// Types of MQTT control packets, and how large one may be (section 2.1).
#ifndef MQTT_TYPE_H
#define MQTT_TYPE_H

// The values are those on the wire.
enum mqtt_type {
    MQTT_CONNECT = 1,
    MQTT_CONNACK,
    MQTT_PUBLISH,
    MQTT_PUBACK,
    MQTT_PUBREC,
    MQTT_PUBREL,
    MQTT_PUBCOMP,
    MQTT_SUBSCRIBE,
    MQTT_SUBACK,
    MQTT_UNSUBSCRIBE,
    MQTT_UNSUBACK,
    MQTT_PINGREQ,
    MQTT_PINGRESP,
    MQTT_DISCONNECT,
    MQTT_AUTH, // 5.0 only
};

#define MQTT_REMAINING_MAX 268435455u // section 2.1.4
#define MQTT_PACKET_MAX (MQTT_REMAINING_MAX + 5)
_Static_assert(MQTT_AUTH <= 15, "a type has the upper four bits of the first byte");

#endif
