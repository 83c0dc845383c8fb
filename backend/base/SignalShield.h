// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <csignal>

namespace dubito {

/// While it lives, no signal handler runs on this thread; what arrives waits, or goes to another thread.
///
/// The matrix library needs it: its kernels use the stack pointer as a pointer to data (oneDNN 2.6, dY · W and dYᵀ · X), so
/// a handler that is called in the middle of a product writes its frame over the heap. Faults (SIGSEGV and the like) are
/// not held back. Nests. Two system calls.
class SignalShield {
public:
    SignalShield();
    ~SignalShield();

    SignalShield(const SignalShield&) = delete;
    SignalShield& operator=(const SignalShield&) = delete;

private:
    sigset_t m_before {};
};

} // namespace dubito
