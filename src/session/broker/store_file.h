// The commands that look into a broker's store while no broker has it: --check-store, --export and
// --import (docs/store.md). Each reads the store into a broker without streams, so what it finds is
// what the next broker will.
#ifndef SESSION_BROKER_STORE_FILE_H
#define SESSION_BROKER_STORE_FILE_H

// All return an exit code, after a message if it is not 0: 1, the store is damaged or a line of the
// import makes no sense; 3, a file cannot be used.

// Says on standard output what is in it.
int store_file_check(const char *path);
// Its records as lines of JSON on standard output. Of a damaged store what can be read.
int store_file_export(const char *path);
// Such lines from standard input into a store that has nothing in it, or is not there yet.
int store_file_import(const char *path);

#endif
