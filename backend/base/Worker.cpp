// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Worker.h"

#include "backend/base/SignalShield.h"
#include "backend/base/Thrown.h"

#include <pthread.h>

namespace dubito {

Worker::Worker(std::string name, Work work, OnFailure onFailure)
    : m_thread([name = std::move(name), work = std::move(work), onFailure = std::move(onFailure)](std::stop_token stop) {
        const SignalShield shield; // signals are read from a descriptor, never handled on a thread of ours
        pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
        try {
            work(stop);
        } catch (...) {
            onFailure(errorOf(std::current_exception(), "thread " + name));
        }
    })
{
}

void Worker::join()
{
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

} // namespace dubito
