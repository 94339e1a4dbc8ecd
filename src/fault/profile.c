#include "fault/profile.h"

#include "base/assert.h"

#define US UINT64_C(1000)
#define MS UINT64_C(1000000)
#define KBIT UINT64_C(1000)
#define MBIT UINT64_C(1000000)
#define GBIT UINT64_C(1000000000)
#define MILLION 1000000u

// Columns: name, delay, jitter, up, down, losses {to bad, to good, in good, in bad}.
static const struct fault_profile profiles[] = {
    {"ethernet",
     100 * US,
     20 * US,
     GBIT,
     GBIT,
     {0, MILLION, 0, 0},
     "IEEE 802.3ab; one switched segment"},
    {"wifi",
     2 * MS,
     2 * MS,
     33 * MBIT,
     40 * MBIT,
     {1000, 250000, 0, 200000},
     "Network Link Conditioner \"Wi-Fi\" (speeds); bursts as retries of IEEE 802.11 run out"},
    {"dsl",
     25 * MS,
     2 * MS,
     384 * KBIT,
     1500 * KBIT,
     {0, MILLION, 0, 0},
     "WebPageTest \"DSL\": 1.5 Mbit/s, 384 kbit/s, 50 ms there and back"},
    {"4g",
     35 * MS,
     10 * MS,
     12 * MBIT,
     12 * MBIT,
     {500, 250000, 0, 200000},
     "WebPageTest \"LTE\": 12 Mbit/s, 70 ms there and back; losses are ours"},
    {"3g",
     150 * MS,
     40 * MS,
     768 * KBIT,
     1600 * KBIT,
     {2000, 250000, 0, 300000},
     "WebPageTest \"3G\": 1.6 Mbit/s, 768 kbit/s, 300 ms there and back; losses are ours"},
    {"edge",
     420 * MS,
     100 * MS,
     200 * KBIT,
     240 * KBIT,
     {3000, 200000, 0, 500000},
     "WebPageTest \"2G\": 240 kbit/s, 200 kbit/s, 840 ms there and back; losses are ours"},
    {"gprs",
     500 * MS,
     150 * MS,
     20 * KBIT,
     50 * KBIT,
     {5000, 200000, 0, 500000},
     "Chromium DevTools \"GPRS\": 50 kbit/s, 20 kbit/s, 500 ms; losses are ours"},
    {"lte-m",
     75 * MS,
     40 * MS,
     375 * KBIT,
     300 * KBIT,
     {2000, 250000, 0, 300000},
     "3GPP TS 36.306 category M1, half duplex: 375 and 300 kbit/s; delay and losses are ours"},
    {"nb-iot",
     800 * MS,
     600 * MS,
     62500,
     25500,
     {5000, 200000, 0, 400000},
     "3GPP TS 36.306 category NB1: 62.5 and 25.5 kbit/s; TR 45.820 (up to 10 s); losses are ours"},
    {"lora",
     300 * MS,
     100 * MS,
     1760,
     1760,
     {20000, 200000, 10000, 600000},
     "Semtech AN1200.22, spreading factor 9 at 125 kHz: 1.76 kbit/s; delay and losses are ours"},
    {"satellite-geo",
     280 * MS,
     10 * MS,
     2 * MBIT,
     20 * MBIT,
     {500, 100000, 0, 500000},
     "RFC 2488: 250 to 280 ms up and down once; speeds and losses are ours"},
    {"satellite-leo",
     25 * MS,
     8 * MS,
     15 * MBIT,
     150 * MBIT,
     {1000, 50000, 0, 400000},
     "Michel and others, A First Look at Starlink Performance, IMC 2022: about 50 ms, losses in "
     "bursts"},
    {"lossy",
     50 * MS,
     20 * MS,
     MBIT,
     MBIT,
     {25000, 225000, 0, MILLION},
     "Network Link Conditioner \"Very Bad Network\": 1 Mbit/s, 10 % lost, here in bursts of 4 to "
     "5"},
};

const struct fault_profile *fault_profile(unsigned index) {
    return index < sizeof profiles / sizeof *profiles ? &profiles[index] : NULL;
}

// The share of time that the link is bad is to_bad / (to_bad + to_good), and it is to be `share`;
// it stays bad for 1 / to_good packets.
struct fault_loss fault_loss_bursts(uint32_t share, uint32_t burst) {
    if (share >= MILLION) {
        return (struct fault_loss){MILLION, 0, MILLION, MILLION};
    }
    uint32_t to_good = MILLION / (burst == 0 ? 1 : burst);
    uint64_t to_bad = (uint64_t)share * to_good / (MILLION - share);
    ASSERT(to_good <= MILLION); // both are in parts of a million
    return (struct fault_loss){
        .to_bad = to_bad > MILLION ? MILLION : (uint32_t)to_bad,
        .to_good = to_good,
        .bad = MILLION,
    };
}

// A link that varies by the jitter either way: RTTVAR is the mean deviation of the sum of two such
// delays, which is at most the jitter.
uint64_t fault_timer_first(uint64_t delay_ns, uint64_t jitter_ns) {
    uint64_t timer = 2 * delay_ns + 4 * jitter_ns;
    return timer < FAULT_TIMER_LEAST_NS  ? FAULT_TIMER_LEAST_NS
           : timer > FAULT_TIMER_MOST_NS ? FAULT_TIMER_MOST_NS
                                         : timer;
}

uint64_t fault_timer_next(uint64_t timer_ns) {
    return timer_ns > FAULT_TIMER_MOST_NS / 2 ? FAULT_TIMER_MOST_NS : 2 * timer_ns;
}
