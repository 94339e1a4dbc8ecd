// The records of an MQTT door (role/journal.h): sessions with their subscriptions, what waits for
// them and what is under way, so that a new door stands where an earlier one stood.
//
// A session and a message have numbers in the journal, from 1 on, which are given out once and
// rise. Only sessions that outlive their connection stand in it. A message is told once, right
// before the first of them gets it, and then only its number: to each session its delivery is one
// small record. The number of a message is over with the last delivery of it that is done, released
// or ends with its session; no record says so, for whoever reads the journal counts them.
//
// Times are the door's own nanoseconds (role/port.h). A driver whose doors are to outlive the
// process counts them from a moment that outlives it as well, such as 1970: the wall clock at its
// start, and from there steadily.
//
// A group of sessions that share a subscription has a serial, which no other group ever had.
//
// Not kept: whose turn it is in a shared subscription, topic aliases, and all else that belongs to
// a connection.
#ifndef ROLE_BROKER_SESSION_DOOR_RECORD_H
#define ROLE_BROKER_SESSION_DOOR_RECORD_H

#include "role/broker/broker_core.h"

// Behind each kind its numbers, then its texts. Whether something is set is 0 or 1.
enum door_record {
    // session, version, expiry (seconds, never 0), last_packet_id, is_connected, since, ends_at,
    // has_user; client id, user. A new session, or what is known of it from now on: it has no will
    // unless one follows. Of one that is connected the times count from its disconnection.
    DOOR_SESSION = BROKER_RECORDS,
    // session, delay (from the disconnection), expiry (from its publishing; UINT64_MAX: never),
    // qos, retain; topic, properties, payload
    DOOR_WILL,
    DOOR_ENDED, // session, with all that belongs to it
    // session, options, identifier, serial of the group that shares it, or 0; filter. In the place
    // of
    // one alike
    DOOR_SUBSCRIBED,
    DOOR_UNSUBSCRIBED, // session; filter
    DOOR_MESSAGE,      // message, expires_at, qos, retain; topic, properties, payload
    // session, sequence (rises within the session), message, qos, retain, identifier, packet id if
    // it was sent at once, or 0; serial of the group that it came through, or 0
    DOOR_QUEUED,
    DOOR_SENT,      // session, sequence, packet id
    DOOR_RELEASED,  // session, sequence, packet id: only these count from now on
    DOOR_DONE,      // session, sequence
    DOOR_RECEIVED,  // session, packet id of a QoS 2 message of the client that awaits its PUBREL
    DOOR_COMPLETED, // session, packet id of such a message
    DOOR_RECORDS,
};

// Of these and of those of the core.
extern const struct journal_kind door_journal_kinds[DOOR_RECORDS];

#endif
