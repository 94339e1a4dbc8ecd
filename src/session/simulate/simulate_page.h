// The report of a simulated run as a page (report/page.h): verdict, expectations, charts with the
// faults behind them, topology, packets, losses, latencies, and the ladder of what broke a rule.
#ifndef SESSION_SIMULATE_SIMULATE_PAGE_H
#define SESSION_SIMULATE_SIMULATE_PAGE_H

#include "base/buffer.h"
#include "session/simulate/simulate_report.h"
#include "session/simulate/simulate_series.h"

#define SIMULATE_PAGE_NODES_MAX 400u // of the topology; what is left out is told

// Appends the page.
void simulate_page_write(const struct simulate_result *result, const struct simulate_series *series,
                         struct buffer *out);

#endif
