#include "role/broker/session/door_session.h"

#include "base/assert.h"
#include "role/broker/session/door_absent.h"
#include "role/broker/delivery/door_expiry.h"
#include "role/broker/session/door_journal.h"
#include "role/broker/delivery/door_queue.h"
#include "role/broker/delivery/door_received.h"
#include "role/broker/delivery/door_waiting.h"
#include "role/broker/subscribe/door_retained.h"
#include "role/broker/session/door_sessions.h"
#include "role/broker/subscribe/door_share.h"
#include "role/broker/subscribe/door_subscriptions.h"
#include "role/broker/session/door_will.h"

void door_session_end(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    ASSERT(session->connection == NULL);
    door_absent_end(door, session);
    door_absent_set_address(door, session, 0);
    door_subscriptions_end(door, session);
    door_will_publish(door, session, now);
    door_expiry_free(door, session);
    door_share_hand_over(door, session, now);
    door_journal_end(door, session); // others keep what they were handed
    door_queue_free(door, session);
    door_retained_free(door, session);
    door_received_free(door, session);
    door_sessions_destroy(door, session);
}

void door_session_set_timer(struct mqtt_door *door, struct door_session *session) {
    ASSERT(session->absence != NULL);
    uint64_t due = session->absence->ends_at;
    if (session->will != NULL && session->since + session->will->delay < due) {
        due = session->since + session->will->delay;
    }
    if (due != ROLE_NEVER) {
        timers_set(&door->timers, &session->absence->timer, due);
    }
}

void door_session_detach(struct mqtt_door *door, struct door_session *session, bool publishes_will,
                         uint64_t now) {
    session->connection = NULL;
    session->since = now;
    door_queue_pause(&session->queue);
    if (!publishes_will) {
        door_will_forget(door, session);
    }
    uint64_t span = door_sessions_span(door, session);
    if (span == 0) {
        door_session_end(door, session, now);
        return;
    }
    door_absent_begin(door, session);
    door_waiting_note(door, session);
    session->absence->ends_at = span == ROLE_NEVER ? ROLE_NEVER : now + span;
    if (session->will != NULL && session->will->delay == 0) {
        door_will_publish(door, session, now);
    }
    door_session_set_timer(door, session);
    door_journal_session(door, session);
}

void door_session_tick(struct mqtt_door *door, struct door_session *session, uint64_t now) {
    ASSERT(session->absence != NULL);
    if (session->absence->ends_at <= now) {
        door->counts.expired_sessions++;
        door_session_end(door, session, now);
        return;
    }
    door_will_publish(door, session, now);
    door_session_set_timer(door, session);
    door_journal_session(door, session);
}
