// The session of an MQTT client: the role of role/mqtt_client/mqtt_client.h with a user and a
// broker.
#ifndef SESSION_MQTT_CLIENT_MQTT_CLIENT_SESSION_H
#define SESSION_MQTT_CLIENT_MQTT_CLIENT_SESSION_H

#include "session/mqtt_client/mqtt_client_options.h"

// What its user can type.
extern const struct command_table mqtt_client_session_commands;

// Runs until it ends; returns an exit code.
int mqtt_client_session_run(const struct mqtt_client_session_options *options);

#endif
