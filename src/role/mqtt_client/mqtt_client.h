// A client of MQTT 3.1, 3.1.1 and 5.0, complete and pure (role/port.h): bytes of the broker,
// commands and the time go in; bytes, events and a deadline come out. A driver (a session with a
// user, a load, a proxy, a simulator, a test) has the stream:
//
//   mqtt_client_connect           the user wants a connection
//   port->ready                   look at mqtt_client_need and mqtt_client_output
//   mqtt_client_need: STREAM      open a stream, to mqtt_client_server if a broker named one
//   mqtt_client_opened            it is there: the client says CONNECT
//   mqtt_client_receive           bytes arrived; all of them are taken
//   mqtt_client_output, _sent     what is to be sent, and so much of it is
//   mqtt_client_need: CLOSING     close the stream; what is not sent yet is of no use any more
//   mqtt_client_closed            it is closed, or could not be opened, by whomever
//
// The client keeps what a session is made of (5.0, section 4.1), in both directions, until the
// broker says that it has none: messages that are not acknowledged to the end, identifiers of QoS 2
// messages that await PUBREL, and the subscriptions that its user has asked for. After a
// connection is lost it waits as its policy says (mqtt_client_retry.h), asks for a stream, and goes
// on where it was. If the broker has lost the session, what was never sent waits on; QoS 1 messages
// that were sent are sent as new ones (at least once); of QoS 2 messages that were sent nobody
// knows whether they arrived, so they are given up, and told (at most once); subscriptions are made
// anew.
//
// Packet identifiers up to MQTT_CLIENT_PUBLISH_IDS are those of messages, in the order of sending;
// those above are those of requests. So the two never meet.
//
// What a broker does wrong is an event with the statement of the standard; the worse ones end the
// connection, in 5.0 with a DISCONNECT that says why.
//
// Bounds: messages and bytes that wait (publish refuses), bytes in the stream (publish of QoS 0
// refuses, all else waits, mqtt_client_takes_input becomes false), the size of a packet that comes,
// identifiers that await PUBREL, aliases, subscriptions. All are fields of mqtt_client_limits.
#ifndef ROLE_MQTT_CLIENT_MQTT_CLIENT_H
#define ROLE_MQTT_CLIENT_MQTT_CLIENT_H

#include "role/mqtt_client/mqtt_client_types.h"

struct mqtt_client;

// NULL, or what is wrong with the configuration or the client identifier, for people.
const char *mqtt_client_config_check(const struct mqtt_client_config *config,
                                     struct bytes client_id);

// ---- life -------------------------------------------------------------------------------------

// `config` and `port` are borrowed for the client's life, the identifier is copied. Clients that
// share a seed have different numbers. Pairs with destroy, which tells nothing.
struct mqtt_client *mqtt_client_create(const struct mqtt_client_config *config,
                                       const struct mqtt_client_port *port, struct bytes client_id,
                                       uint32_t number, void *owner);
void mqtt_client_destroy(struct mqtt_client *client);

// ---- the stream -------------------------------------------------------------------------------

enum mqtt_client_need mqtt_client_need(const struct mqtt_client *client);
// Where the stream is to lead, as a broker said it (5.0, section 4.11); empty: to the usual broker.
struct bytes mqtt_client_server(const struct mqtt_client *client);
void mqtt_client_opened(struct mqtt_client *client, uint64_t now);
// `why` is for people, a constant; NULL: the broker closed it.
void mqtt_client_closed(struct mqtt_client *client, const char *why, uint64_t now);
void mqtt_client_receive(struct mqtt_client *client, struct bytes bytes, uint64_t now);
// False: the broker sends, but does not take our answers: read no more until mqtt_client_sent.
bool mqtt_client_takes_input(const struct mqtt_client *client);
// The stream is to be closed by a reset, so that what was said and has not arrived does not arrive
// later: the broker was silent, and a new connection may come before that.
bool mqtt_client_aborts(const struct mqtt_client *client);
// What is to be sent; valid until the next call that is not a view.
struct bytes mqtt_client_output(struct mqtt_client *client);
void mqtt_client_sent(struct mqtt_client *client, size_t bytes, uint64_t now);
// To be called when the deadline is reached; earlier does no harm.
void mqtt_client_tick(struct mqtt_client *client, uint64_t now);
uint64_t mqtt_client_deadline(const struct mqtt_client *client);

// ---- commands ---------------------------------------------------------------------------------

enum mqtt_client_result mqtt_client_connect(struct mqtt_client *client, uint64_t now);

// Ends the connection, or the attempts at one. `farewell` may be NULL.
void mqtt_client_disconnect(struct mqtt_client *client, const struct mqtt_client_farewell *farewell,
                            uint64_t now);
// Loses the connection as if a cable were cut: no DISCONNECT. It is tried again by the policy.
void mqtt_client_drop(struct mqtt_client *client, uint64_t now);
enum mqtt_client_result mqtt_client_ping(struct mqtt_client *client, uint64_t now);
// SCRAM once more on the connection that is there.
enum mqtt_client_result mqtt_client_authenticate(struct mqtt_client *client, uint64_t now);

// QoS 1 and 2: it is kept and sent when there is a connection and room; told when it is done. QoS
// 0: it goes into the stream now or not at all. What is borrowed is copied.
enum mqtt_client_result mqtt_client_publish(struct mqtt_client *client,
                                            const struct mqtt_client_message *message,
                                            uint64_t now);

// The request stays until it is refused or taken back: without a connection it waits, and after a
// session was lost it is said again.
enum mqtt_client_result mqtt_client_subscribe(struct mqtt_client *client,
                                              const struct mqtt_client_subscription *subscription,
                                              uint64_t now);
enum mqtt_client_result mqtt_client_unsubscribe(struct mqtt_client *client, struct bytes filter,
                                                uint64_t now);

#endif
