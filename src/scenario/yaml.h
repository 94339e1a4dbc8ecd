// YAML as a tree, by libfyaml, from bytes in memory. Nodes lie in an arena and know their line and
// column, from 1, in characters.
//
// Bounds: a text of YAML_BYTES_MAX, YAML_DEPTH_MAX levels, and YAML_NODES_MAX nodes, where an alias
// counts as often as what it stands for: so a few lines cannot stand for a billion nodes. Whoever
// walks the tree meets no more than that.
#ifndef SCENARIO_YAML_H
#define SCENARIO_YAML_H

#include "scenario/arena.h"

#define YAML_BYTES_MAX (1u << 20)
#define YAML_DEPTH_MAX 16u
#define YAML_NODES_MAX 50000u

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

// A node of a file's tree: a scalar, a list or a map, with its place in the file. A node knows its
// first child and its next neighbour; keys are scalars beside their values. All nodes are in one
// arena, and never change once the file is read.
struct yaml_node {
    enum yaml_kind kind;
    uint32_t line;
    uint32_t column;
    uint32_t weight; // itself and all below it
    bool is_open;    // its end has not been read yet
    bool is_quoted;
    struct bytes text;           // of a scalar
    const struct yaml_node *key; // of what stands in a map: a scalar
    struct yaml_node *first;     // of what stands in it
    struct yaml_node *next;      // beside it
    uint32_t count;              // of what stands in it
    struct bytes anchor;         // empty: it has none
};

struct yaml_error {
    uint32_t line;
    uint32_t column;
    char text[160]; // for people, printable
};

// The tree; NULL for an empty text, and where *error says what is wrong.
const struct yaml_node *yaml_read(struct arena *arena, struct bytes text, struct yaml_error *error);

#endif
