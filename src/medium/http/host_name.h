// Hosts as HTTP names them, in `Host` and `Origin`: whether one means this machine.
//
// A listener that only this machine reaches is safe from others only if it also asks by which name
// it was called: the owner of any name can make it mean 127.0.0.1, and a web page of that name then
// talks to the listener as if it were its own (DNS rebinding).
#ifndef MEDIUM_HTTP_HOST_NAME_H
#define MEDIUM_HTTP_HOST_NAME_H

#include <stdbool.h>

#include "base/bytes.h"

// HOST of HOST or HOST:PORT, [IPV6] of [IPV6] or [IPV6]:PORT.
struct bytes host_name_of(struct bytes place);
// Names do not tell capital letters from small ones.
bool host_name_equal(struct bytes a, struct bytes b);
// localhost, 127.0.0.0/8 or [::1].
bool host_name_is_loopback(struct bytes host);

#endif
