#include "packet/fault.h"

static const struct {
    const char *name;
    const char *text;
} faults[PACKET_FAULTS] = {
    [PACKET_OK] = {"ok", "in order"},
    [PACKET_FAULT_TOO_LONG] = {"too-long", "longer than 65536 bytes"},
    [PACKET_FAULT_FIELDS] = {"fields", "not six fields, each ended by a TAB"},
    [PACKET_FAULT_TIME_STAMP] = {"time-stamp", "time_stamp is not a whole number"},
    [PACKET_FAULT_SENDER] = {"sender", "sender is not an address from 1 to 4294966999"},
    [PACKET_FAULT_RECEIVER] = {"receiver", "receiver is not 0 or an address up to 4294966999"},
    [PACKET_FAULT_TYPE] = {"type", "type is unknown"},
    [PACKET_FAULT_PAYLOAD] = {"payload", "payload does not begin with '-' or '%-' and end in '-'"},
    [PACKET_FAULT_BYTE] = {"byte", "payload holds a byte that its form does not allow"},
    [PACKET_FAULT_ESCAPE] = {"escape", "payload holds a '%' without two hexadecimal digits"},
    [PACKET_FAULT_ELEMENTS] = {"elements", "payload has more than 16 elements"},
    [PACKET_FAULT_SIGNATURE_FIELD] = {"signature-field", "signature is not a number up to 999"},
    [PACKET_FAULT_SIGNATURE] = {"signature", "signature does not fit the payload"},
    [PACKET_FAULT_SEAL] = {"seal", "payload is altered or sealed with another key"},
    [PACKET_FAULT_REPLAYED] = {"replayed", "packet was received before, or is far too late"},
    [PACKET_FAULT_NOT_CONNECTED] = {"not-connected", "sender is not connected"},
    [PACKET_FAULT_MISSING] = {"missing", "payload has too few elements for its type"},
    [PACKET_FAULT_CONTENT] = {"content", "payload has an element that is not valid there"},
    [PACKET_FAULT_UNEXPECTED] = {"unexpected", "nobody asked for this answer"},
    [PACKET_FAULT_NO_ROOM] = {"no-room", "a table that it needs is full"},
    [PACKET_FAULT_DENIED] = {"denied", "the access lists do not let its sender publish this"},
    [PACKET_FAULT_OWN_ADDRESS] = {"own-address", "sender has our own address, but we did not send "
                                                 "it: another device uses that address too; end "
                                                 "one of the two"},
};

const char *packet_fault_name(enum packet_fault fault) {
    return faults[fault].name;
}

const char *packet_fault_text(enum packet_fault fault) {
    return faults[fault].text;
}
