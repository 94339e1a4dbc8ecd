// mosquitto.conf into a file of our options (shell/options/option_source.h): what has an equivalent
// is written, what has none is named with its line and why.
//
// Settings that would let in more than Mosquitto does are never left out silently: without
// allow_anonymous and password_file nobody may come in there, so the file says a password file that
// is empty.
#ifndef SESSION_BROKER_MOSQUITTO_IMPORT_H
#define SESSION_BROKER_MOSQUITTO_IMPORT_H

#include <stdio.h>

#define MOSQUITTO_IMPORT_LISTENERS_MAX 32
#define MOSQUITTO_IMPORT_LINE_MAX 4096

// Writes to `out` what the file comes to, and on standard error how many lines have no equivalent.
// An exit code.
int mosquitto_import(const char *path, FILE *out);

#endif
