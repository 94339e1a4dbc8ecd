// Hosts as they stand in `Host`, in `Origin` and in URLs: which one is meant, and whether that is
// this machine. There is one notion of the latter, for all who ask.
//
// A listener that only this machine reaches is safe from others only if it also asks by which name
// it was called: the owner of any name can make it mean 127.0.0.1, and a web page of that name then
// talks to the listener as if it were its own (DNS rebinding).
//
// Texts come from outside. What is no host is an empty one, which means no machine and equals none.
#ifndef MEDIUM_HTTP_HOST_NAME_H
#define MEDIUM_HTTP_HOST_NAME_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/bytes.h"

// HOST of HOST or HOST:PORT, [IPV6] of [IPV6] or [IPV6]:PORT (RFC 9110, 7.2). A part of `place`.
struct bytes host_name_of(struct bytes place);
// Likewise of an origin as browsers write those of pages: http:// or https:// and a place (RFC
// 6454, 7.1). `null` has no host.
struct bytes host_name_of_origin(struct bytes origin);
// Likewise of an http or https URL, with whatever stands behind the place.
struct bytes host_name_of_url(struct bytes url);

// Names do not tell capital letters from small ones. False for empty ones.
bool host_name_equal(struct bytes a, struct bytes b);
// Whether it means this machine wherever it is said: localhost, 127.0.0.0/8, ::1 with brackets or
// without.
bool host_name_is_loopback(struct bytes host);
// The same of an address.
bool host_name_is_loopback_address(const struct sockaddr *address);

#endif
