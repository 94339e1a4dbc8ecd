// What a load found, as text for people or as one JSON object.
//
// The members of the object are those of the text, in base units: messages, bytes, and nanoseconds
// where a name ends in _ns. A figure that was not measured is left out.
#ifndef SESSION_LOAD_LOAD_REPORT_H
#define SESSION_LOAD_LOAD_REPORT_H

#include <stdio.h>

#include "check/load_ledger.h"

// What a load found, collected at its end from the ledger, the phases and the broker's process, to
// be printed. What was not measured is 0; pointers are borrowed.
struct load_result {
    const struct load_counts *counts;
    const struct histogram *latency;
    uint32_t run;
    bool interrupted;
    bool checks;             // messages, not only connections
    uint64_t unsent;         // of those that were to be sent
    uint64_t unacknowledged; // of those that were sent
    uint64_t unreleased;     // QoS 2: of those that came
    bool has_usage;          // of the broker
    uint32_t connections;    // opened
    uint32_t failed;         // that could not be opened, or ended
    uint64_t opening_ns;     // all of them
    uint64_t measured_ns;    // 0: nothing was measured
    uint64_t measured_sent;
    uint64_t measured_delivered;
    uint64_t broker_cpu_ns; // of the measured part
    uint64_t broker_rss;    // at its end
    uint32_t idle;
    int64_t idle_rss; // of all idle connections
    uint32_t retained;
    uint32_t payload_bytes;
    int64_t retained_rss;   // of all retained messages
    uint64_t retrieving_ns; // from SUBSCRIBE to the last of them; 0: it did not come to that
    bool has_loss;          //
    struct load_loss loss;  // the greatest
};

// Copies that were to come and did not.
uint64_t load_result_lost(const struct load_result *result);

// Whether anything went wrong: a connection failed, or a message did not come as it should.
bool load_result_has_fault(const struct load_result *result);

// Whether messages were to be checked and none was to come: that proves nothing.
bool load_result_is_empty(const struct load_result *result);

// Whether something was checked and all of it was right.
bool load_result_is_good(const struct load_result *result);

void load_report_text(const struct load_result *result, FILE *out);
void load_report_json(const struct load_result *result, FILE *out);

#endif
