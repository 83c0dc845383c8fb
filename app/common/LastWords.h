// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace dubito::app {

/// First of all in main(). An exception that nobody catches, on whatever thread, ends the program with a sentence: exit
/// code 4 for want of memory or threads; anything else aborts, as a defect does. What unwinding needs is loaded now, because
/// it cannot be loaded any more when it is memory that is missing.
void speakLastWords();

} // namespace dubito::app
