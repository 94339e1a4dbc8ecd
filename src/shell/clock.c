#include "shell/clock.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#define NANOSECONDS UINT64_C(1000000000)

static uint64_t monotonic(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NANOSECONDS + (uint64_t)now.tv_nsec;
}

// What lies between 1970 and the moment that the system counts its steady clock from, by the wall
// clock when it was asked for first.
static uint64_t since_1970;
static pthread_once_t is_known = PTHREAD_ONCE_INIT;

static void find_since_1970(void) {
    uint64_t wall = clock_unix_nanoseconds();
    uint64_t now = monotonic();
    since_1970 = wall > now ? wall - now : 0;
}

uint64_t clock_steady(void) {
    pthread_once(&is_known, find_since_1970);
    return since_1970 + monotonic();
}

uint64_t clock_unix(void) {
    time_t now = time(NULL);
    return now > 0 ? (uint64_t)now : 0;
}

uint64_t clock_unix_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec < 0 ? 0 : (uint64_t)now.tv_sec * NANOSECONDS + (uint64_t)now.tv_nsec;
}

uint64_t clock_unix_of(uint64_t steady) {
    // In whole seconds only at the end: the result is the same whenever it is asked for.
    uint64_t now = clock_steady();
    uint64_t age = now > steady ? now - steady : 0;
    uint64_t unix_now = clock_unix_nanoseconds();
    return unix_now > age ? (unix_now - age) / NANOSECONDS : 0;
}

void clock_text(uint64_t unix_time, char text[static CLOCK_TEXT_SIZE]) {
    time_t then = (time_t)unix_time;
    time_t now = time(NULL);
    struct tm then_parts;
    struct tm now_parts;
    if (unix_time > INT64_MAX || localtime_r(&then, &then_parts) == NULL ||
        localtime_r(&now, &now_parts) == NULL) {
        snprintf(text, CLOCK_TEXT_SIZE, "%llu", (unsigned long long)unix_time);
        return;
    }
    bool today = then_parts.tm_yday == now_parts.tm_yday && then_parts.tm_year == now_parts.tm_year;
    if (strftime(text, CLOCK_TEXT_SIZE, today ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S", &then_parts) ==
        0) {
        snprintf(text, CLOCK_TEXT_SIZE, "%llu", (unsigned long long)unix_time);
    }
}
