#include "role/broker/broker.h"

#include "base/hash.h"

void broker_init(struct broker *broker, const struct broker_config *config,
                 const struct role_port *port, uint32_t address, const struct cipher_secret *seed) {
    uint64_t hash_seed = hash_bytes(bytes_make(seed->bytes, sizeof seed->bytes), 1);
    broker->mqtt = NULL;
    broker_core_init(&broker->core, port->memory, hash_seed, config->values);
    line_door_init(&broker->line, &config->line, port, address, seed);
    line_door_attach(&broker->line, &broker->core);
}

void broker_open_mqtt(struct broker *broker, const struct mqtt_door_config *config,
                      const struct mqtt_door_port *port, const struct cipher_secret *seed) {
    broker->mqtt = mqtt_door_create(config, port, &broker->core, seed);
}

void broker_deinit(struct broker *broker) {
    if (broker->mqtt != NULL) {
        mqtt_door_destroy(broker->mqtt);
    }
    line_door_deinit(&broker->line);
    broker_core_deinit(&broker->core);
}

void broker_start(struct broker *broker) {
    line_door_start(&broker->line);
}

void broker_receive(struct broker *broker, struct packet *packet, uint64_t now) {
    line_door_receive(&broker->line, packet, now);
}

void broker_tick(struct broker *broker, uint64_t now) {
    line_door_tick(&broker->line, now);
    if (broker->mqtt != NULL) {
        mqtt_door_tick(broker->mqtt, now);
    }
}

uint64_t broker_deadline(const struct broker *broker) {
    uint64_t line = line_door_deadline(&broker->line);
    uint64_t mqtt = broker->mqtt == NULL ? ROLE_NEVER : mqtt_door_deadline(broker->mqtt);
    return line < mqtt ? line : mqtt;
}

bool broker_disconnect(struct broker *broker, uint32_t address) {
    return line_door_disconnect(&broker->line, address);
}

void broker_stop(struct broker *broker, uint64_t now) {
    if (broker->mqtt != NULL) {
        mqtt_door_stop(broker->mqtt, now);
    }
    line_door_stop(&broker->line);
}

void broker_check(const struct broker *broker) {
    broker_core_check(&broker->core);
    line_door_check(&broker->line);
    if (broker->mqtt != NULL) {
        mqtt_door_check(broker->mqtt);
    }
}
