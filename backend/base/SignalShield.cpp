// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/SignalShield.h"

#include "backend/base/Check.h"

#include <pthread.h>

namespace dubito {

SignalShield::SignalShield()
{
    sigset_t held;
    sigfillset(&held);
    for (const int fault : { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS }) {
        sigdelset(&held, fault);
    }
    CHECK(pthread_sigmask(SIG_BLOCK, &held, &m_before) == 0, "signals cannot be held back");
}

SignalShield::~SignalShield()
{
    pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

} // namespace dubito
