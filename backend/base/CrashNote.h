// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

namespace dubito {

/// Leaves a word behind when the program crashes: on SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGABRT the number of the signal is
/// written, two characters wide, at `offset` of a file; then the signal does what it always did.
///
/// Called once by main() of a program, before the first thread: handlers are of the process. Nothing is written until a
/// place is given.
void leaveCrashNotes();

/// Where to: an open descriptor that outlives its use here. -1: nowhere. Any thread.
void setCrashNotePlace(int descriptor, off_t offset);

} // namespace dubito
