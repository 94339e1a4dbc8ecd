// The MQTT door of a broker: peers that speak MQTT 3.1, 3.1.1 or 5.0 over streams of bytes.
//
// It is pure, as every role is (role/port.h): bytes of a peer and the time go in; what is to be
// done comes out through a struct mqtt_door_port. A driver (session/broker/mqtt_server.h, a
// simulator, a test) opens a connection for each stream, hands over what arrives, and is told when
// there is something to be sent or the stream is to be closed:
//
//   connection = mqtt_door_open(...)            a stream was accepted
//   mqtt_door_receive(connection, bytes)        bytes arrived; all of them are taken
//   mqtt_door_takes_input(connection)           whether to read on, or to let the peer wait
//   port->ready(owner)                          something is to be sent, or the end has come
//   mqtt_door_output(connection, runs)          what is to be sent, oldest first
//   mqtt_door_sent(connection, count)           so much of it is sent
//   mqtt_door_is_over(connection)               close the stream once its output is sent
//   mqtt_door_close(connection)                 the stream is closed, by whomever
//
// A connection is the life of one stream; a session (MQTT 5.0, section 4.1) is what a client may
// find again at the next one. Limits are those of struct mqtt_door_limits; each that is reached is
// counted in struct mqtt_door_counts.
#ifndef ROLE_BROKER_MQTT_MQTT_DOOR_H
#define ROLE_BROKER_MQTT_MQTT_DOOR_H

#include "role/broker/mqtt/door_port.h"

// All pointers are borrowed for the door's life. `seed` must be fresh random bytes.
struct mqtt_door *mqtt_door_create(const struct mqtt_door_config *config,
                                   const struct mqtt_door_port *port, struct broker_core *core,
                                   const struct cipher_secret *seed);
// All connections have to be closed before. What stands in the journal stays there.
void mqtt_door_destroy(struct mqtt_door *door);

// ---- its journal ------------------------------------------------------------------------------
// Records are those of role/broker/session/door_record.h but for the core's, which is told whole
// and restored by role/broker/broker_journal.h. A driver that has a journal restores, then serves:
//
//   mqtt_door_restore(record)    for all of them, before the first stream is opened
//   mqtt_door_restored()
//   ...                          a turn: calls of all kinds, by which records are appended
//   journal_set_durable(...)     they are written, as one step; or journal_set_failed
//   mqtt_door_journal_written()  held output is ready
//
// While the journal fails, messages of QoS 1 and 2, new sessions that outlive their connection, and
// subscriptions of such are refused with 0x97; before 5.0 by a return code or by the end of the
// connection. What promises nothing is served, and so are the deliveries under way.

// Does what a record of an earlier door says; nothing is appended meanwhile. Limits do not hold for
// what is restored, but for all that comes after. False: the record makes no sense, or not after
// those before it; it is left out.
__attribute__((warn_unused_result)) bool
mqtt_door_restore(struct mqtt_door *door, const struct journal_record *record, uint64_t now);
// That was all.
void mqtt_door_restored(struct mqtt_door *door);
// The whole door, sessions in the order of their places.
void mqtt_door_snapshot(const struct mqtt_door *door, journal_receiver *take, void *context);
// The journal has more than before, or has failed, or is well again.
void mqtt_door_journal_written(struct mqtt_door *door, uint64_t now);

// ---- streams ----------------------------------------------------------------------------------

// NULL: there are too many; close the stream.
struct door_connection *mqtt_door_open(struct mqtt_door *door, const struct door_stream_info *info,
                                       uint64_t now);
// Bytes that arrived, split anywhere; borrowed until it returns. What comes after the end of the
// connection is ignored. As much is handled at once as is fair to others. The rest waits for
// mqtt_door_tick, and mqtt_door_deadline says that this is due.
void mqtt_door_receive(struct mqtt_door *door, struct door_connection *connection,
                       struct bytes bytes, uint64_t now);
// The peer sends no more, but may still read. True: there is something to send to it, after
// which the connection is over. False: close it.
bool mqtt_door_input_ended(struct mqtt_door *door, struct door_connection *connection);
// False: its peer sends more than is handled now. Ask after mqtt_door_receive; while it is false
// read no more from the stream, and ask again after `ready`.
bool mqtt_door_takes_input(const struct door_connection *connection);
// False: its end has come, and what is received now is thrown away.
bool mqtt_door_listens(const struct door_connection *connection);
// To be called before what has arrived in a round of the driver's loop is handed over: each round
// has so much for fresh input. A mqtt_door_tick does it too.
void mqtt_door_begin_turn(struct mqtt_door *door);
// What is to be sent, as up to `most` runs; how many there are. They stay as they are until
// mqtt_door_sent or mqtt_door_close, whatever else is called meanwhile, by other threads too.
unsigned mqtt_door_output(struct mqtt_door *door, struct door_connection *connection,
                          struct bytes *runs, unsigned most);
void mqtt_door_sent(struct mqtt_door *door, struct door_connection *connection, size_t bytes,
                    uint64_t now);
// Whether the stream is to be closed once all output is sent.
bool mqtt_door_is_over(const struct door_connection *connection);
// Whether there is output that was not sent yet, held or not.
bool mqtt_door_has_unsent(const struct door_connection *connection);
// The stream is closed. The connection is gone after this.
void mqtt_door_close(struct mqtt_door *door, struct door_connection *connection, uint64_t now);
// The result of the check of credentials; not CREDENTIALS_WAIT. Nothing happens if the
// connection is gone.
void mqtt_door_authenticated(struct mqtt_door *door, struct door_connection *connection,
                             uint64_t number, enum credentials_state state, uint64_t now);

// To be called when mqtt_door_deadline is reached; earlier does no harm. While much is to be done
// the deadline is the present time again and again: look for new input before each tick, so that
// it need not wait for what is left.
void mqtt_door_tick(struct mqtt_door *door, uint64_t now);
uint64_t mqtt_door_deadline(const struct mqtt_door *door);
// Ends every connection: 5.0 clients are told 0x8b, or 0x9c with the server reference.
void mqtt_door_stop(struct mqtt_door *door, uint64_t now);
// Ends the connection of a client because the user says so; false: there is none.
bool mqtt_door_disconnect(struct mqtt_door *door, struct bytes client_id, uint64_t now);

// After users, certificates or the like have changed: asks about each client that is connected, and
// ends the connections for which `why_not` has a reason, a constant, with 0x87. `user` counts if
// has_user, and is known if there are access lists or the configuration keeps users.
struct mqtt_door_review {
    const char *(*why_not)(void *context, void *owner, const struct access_client *client);
    void *context;
};
void mqtt_door_review(struct mqtt_door *door, const struct mqtt_door_review *review, uint64_t now);

// Frees what is kept ready for use; to be called when a peak is over.
void mqtt_door_give_back(struct mqtt_door *door);

// Whether DOOR_EVENT_ENTRY is told; at first it is not.
void mqtt_door_tell_entries(struct mqtt_door *door, bool tells);

// ---- what there is ----------------------------------------------------------------------------

const struct mqtt_door_counts *mqtt_door_counts(const struct mqtt_door *door);
struct mqtt_door_gauges mqtt_door_gauges(const struct mqtt_door *door);
// Streams that were opened and not closed.
uint32_t mqtt_door_stream_count(const struct mqtt_door *door);

// All of them; the place of a session that has ended goes to a later one.
void mqtt_door_view_sessions(const struct mqtt_door *door, void *context,
                             void (*found)(void *context, const struct door_session_view *view));
void mqtt_door_view_stream(const struct door_connection *connection, struct door_stream_view *view);
void mqtt_door_view_subscriptions(const struct mqtt_door *door, void *context,
                                  void (*found)(void *context,
                                                const struct door_subscription_view *view));

// Asserts what has to hold between any two calls: it walks all that the door has. For tests and
// simulators, after each event.
void mqtt_door_check(const struct mqtt_door *door);

#endif
