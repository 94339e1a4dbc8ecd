// Why a line or a packet was dropped. What a peer does wrong is a value, never an assertion: it is
// dropped, counted by this reason and named to the user.
#ifndef PACKET_FAULT_H
#define PACKET_FAULT_H

enum packet_fault {
    PACKET_OK,
    // Found by packet_parse in a line.
    PACKET_FAULT_TOO_LONG,
    PACKET_FAULT_FIELDS,
    PACKET_FAULT_TIME_STAMP,
    PACKET_FAULT_SENDER,
    PACKET_FAULT_RECEIVER,
    PACKET_FAULT_TYPE,
    PACKET_FAULT_PAYLOAD,
    PACKET_FAULT_BYTE,
    PACKET_FAULT_ESCAPE,
    PACKET_FAULT_ELEMENTS,
    PACKET_FAULT_SIGNATURE_FIELD,
    // Found by the receiver in a packet.
    PACKET_FAULT_SIGNATURE,
    PACKET_FAULT_SEAL,
    PACKET_FAULT_REPLAYED,
    PACKET_FAULT_NOT_CONNECTED,
    PACKET_FAULT_MISSING,
    PACKET_FAULT_CONTENT,
    PACKET_FAULT_UNEXPECTED,
    PACKET_FAULT_NO_ROOM,
    PACKET_FAULT_DENIED,
    PACKET_FAULT_OWN_ADDRESS,
    PACKET_FAULTS,
};

// A short stable word for programs ("too-long") and a phrase for people ("longer than 65536
// bytes").
const char *packet_fault_name(enum packet_fault fault);
const char *packet_fault_text(enum packet_fault fault);

#endif
