// What is known of a user name and a password that a door of the broker has passed on. A check may
// take its time: then the door is told later, and goes on with other peers meanwhile.
#ifndef ROLE_LINE_CREDENTIALS_H
#define ROLE_LINE_CREDENTIALS_H

enum credentials_state {
    CREDENTIALS_GOOD,
    CREDENTIALS_WRONG,
    CREDENTIALS_BUSY, // not checked: too many checks wait
    CREDENTIALS_WAIT, // the door is told one of the others later
};

#endif
