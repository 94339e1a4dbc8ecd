#include "session/mqtt_client/mqtt_client_list.h"

#include "role/mqtt_client/mqtt_client_view.h"

const char *mqtt_client_version_text(enum mqtt_version version) {
    return version == MQTT_5 ? "5.0" : version == MQTT_3_1_1 ? "3.1.1" : "3.1";
}

static void list_session(struct listing *listing, const struct mqtt_client *client, const char *url,
                         enum mqtt_version version) {
    static const char *const columns[] = {"broker",  "version",    "state",
                                          "session", "keep_alive", NULL};
    static const char *const own[] = {"client_id", "in_flight", "waiting", NULL};
    static const char *const states[MQTT_CLIENT_STATES] = {
        [MQTT_CLIENT_OFF] = "off",
        [MQTT_CLIENT_WAITING] = "waits to try again",
        [MQTT_CLIENT_EXPECT_STREAM] = "opens a stream",
        [MQTT_CLIENT_EXPECT_CONNACK] = "awaits CONNACK",
        [MQTT_CLIENT_OPEN] = "connected",
        [MQTT_CLIENT_EXPECT_CLOSED] = "closes the stream",
    };
    struct mqtt_client_view view = mqtt_client_view(client);
    listing_single(listing, "session", columns);
    listing_text(listing, bytes_of_text(url));
    listing_text(listing, bytes_of_text(mqtt_client_version_text(version)));
    listing_text(listing, bytes_of_text(states[view.state]));
    listing_text(listing, bytes_of_text(view.has_session ? "stays" : "ends"));
    listing_number(listing, view.keep_alive);
    listing_single(listing, "client", own);
    listing_text(listing, view.client_id);
    listing_number(listing, view.in_flight);
    listing_number(listing, view.waiting);
}

static void list_flight(void *context, const struct mqtt_client_flight_view *view) {
    struct listing *listing = context;
    listing_text(listing, bytes_of_text(view->is_ours ? "out" : "in"));
    listing_number(listing, view->packet_id);
    listing_number(listing, view->qos);
    listing_text(listing,
                 bytes_of_text(view->is_ours ? mqtt_flow_text(view->state) : "awaits PUBREL"));
    listing_text(listing, view->topic);
    listing_number(listing, view->payload_bytes);
}

static void list_subscription(void *context, const struct mqtt_client_subscription_view *view) {
    struct listing *listing = context;
    listing_text(listing, view->filter);
    listing_number(listing, view->options & MQTT_OPTION_QOS);
    listing_number(listing, view->granted);
    listing_text(listing, bytes_of_text(view->is_leaving  ? "is ended"
                                        : view->is_active ? "taken"
                                                          : "asked for"));
    listing_number(listing, view->identifier);
}

static void list_alias(void *context, bool is_ours, unsigned alias, struct bytes topic) {
    struct listing *listing = context;
    listing_text(listing, bytes_of_text(is_ours ? "out" : "in"));
    listing_number(listing, alias);
    listing_text(listing, topic);
}

void mqtt_client_list(struct listing *listing, const struct mqtt_client *client, const char *url,
                      enum mqtt_version version) {
    static const char *const flights[] = {"way",   "packet_id", "qos", "state",
                                          "topic", "bytes",     NULL};
    static const char *const subscriptions[] = {"topic", "qos",        "granted",
                                                "state", "identifier", NULL};
    static const char *const aliases[] = {"way", "alias", "topic", NULL};
    list_session(listing, client, url, version);
    listing_section(listing, "in flight", flights);
    mqtt_client_view_flights(client, listing, list_flight);
    listing_section(listing, "subscriptions", subscriptions);
    mqtt_client_view_subscriptions(client, listing, list_subscription);
    listing_section(listing, "aliases", aliases);
    mqtt_client_view_aliases(client, listing, list_alias);
}
