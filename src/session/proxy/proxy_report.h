// What a proxy says: events as lines or JSON, the tables of `list`, and the report at the end.
#ifndef SESSION_PROXY_PROXY_REPORT_H
#define SESSION_PROXY_PROXY_REPORT_H

#include "session/proxy/proxy_server.h"
#include "shell/listing.h"
#include "shell/report.h"

void proxy_report_event(struct report *report, const struct proxy_event *event);
void proxy_report_unreachable(struct report *report, const char *host, const char *why);

// Sections of `list`: clients, packets that are held, packets by type, rules.
void proxy_report_list(struct listing *listing, const struct proxy *proxy);

// The rules with their hits, as a list of JSON.
json_t *proxy_report_rules(const struct proxy *proxy);

// What hit and what never did, with the seed that repeats it. Nothing in it depends on time, so the
// same traffic with the same seed gives the same report.
void proxy_report_end(struct report *report, const struct proxy *proxy, uint64_t seed);

// How many rules have never hit.
uint32_t proxy_report_never(const struct proxy *proxy);

#endif
