#include "role/broker/session/door_record.h"

const struct journal_kind door_journal_kinds[DOOR_RECORDS] = {
    BROKER_RECORD_ROWS,
    [DOOR_SESSION] = {"session", 8, 2},
    [DOOR_WILL] = {"will", 5, 3},
    [DOOR_ENDED] = {"ended", 1, 0},
    [DOOR_SUBSCRIBED] = {"subscribed", 4, 1},
    [DOOR_UNSUBSCRIBED] = {"unsubscribed", 1, 1},
    [DOOR_MESSAGE] = {"message", 4, 3},
    [DOOR_QUEUED] = {"queued", 8, 0},
    [DOOR_SENT] = {"sent", 3, 0},
    [DOOR_RELEASED] = {"released", 3, 0},
    [DOOR_DONE] = {"done", 2, 0},
    [DOOR_RECEIVED] = {"received", 2, 0},
    [DOOR_COMPLETED] = {"completed", 2, 0},
};
