// Other implementations take no locks: their addresses are known by the `join` lines that announced
// them, until their `left`. This reads the lines that nobody has looked at yet, and marks such
// addresses in the claims file.
#ifndef MEDIUM_FILE_FOREIGN_SCAN_H
#define MEDIUM_FILE_FOREIGN_SCAN_H

#include "medium/file/claims_file.h"

// With the append lock, in step with the file (network_writer_sync). Has to be done before an
// address of ours is given up, since lines of an address that is ours mean nothing here.
void foreign_scan(struct claims_file *claims);

#endif
