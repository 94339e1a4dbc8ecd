// What the sections of a scenario's file are read into, field by field as schema.h says, before the
// parts are numbered, multiplied by their counts, and joined to each other: between a file and a
// plan. Texts and nodes are borrowed from the tree of the file.
#ifndef SCENARIO_DRAFT_H
#define SCENARIO_DRAFT_H

#include "scenario/plan.h"
#include "scenario/yaml.h"

// At the head of all that is a member of a section. In a map of names, `name` is its own one.
struct draft_head {
    const struct yaml_node *node;
    struct bytes name;
};

#define DRAFT_NO_PROFILE UINT32_MAX

// What is 0 is that of the profile, if one is named.
struct draft_link {
    struct draft_head head;
    uint32_t like; // of fault/profile.h
    bool has_loss;
    struct plan_link link;
};

struct draft_network {
    struct draft_head head;
    uint32_t count;
    uint32_t first;
    uint32_t link;
};

struct draft_router {
    struct draft_head head;
    struct pattern name;
    struct bytes network; // a pattern
    uint32_t count;
    uint32_t first;
    struct plan_router router; // its name, network and gate are those of the first one
};

struct draft_broker {
    struct draft_head head;
    uint32_t count;
    uint32_t first;
    struct bytes network; // a pattern
    struct plan_broker broker;
};

// One pattern, or a list of names that are used in turns.
struct draft_places {
    const struct yaml_node *node; // NULL: nothing was said
};

struct draft_group {
    struct draft_head head;
    struct draft_places networks;
    struct draft_places brokers;
    struct plan_group group;
};

struct draft_fault {
    struct draft_head head;
    struct plan_fault fault;
};

// The whole file as it was read, section by section, before links, devices and faults are joined to
// a plan. A list is an array with its count. It is in the plan's arena, and nobody needs it when
// the plan is there.
struct draft {
    struct bytes title;
    uint64_t seed;
    uint64_t stop_ns;
    uint64_t calm_ns;
    uint64_t rest_ns;
    struct draft_link *links;
    struct draft_network *networks;
    struct draft_router *routers;
    struct draft_broker *brokers;
    struct draft_group *groups;
    struct draft_fault *faults;
    struct metric_expectation *expectations;
    uint32_t link_count;
    uint32_t network_count;
    uint32_t router_count;
    uint32_t broker_count;
    uint32_t group_count;
    uint32_t fault_count;
    uint32_t expectation_count;
    struct plan_master master;
};

#endif
