// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Worker.h"

#include "backend/base/SignalShield.h"

#include <exception>
#include <new>
#include <pthread.h>
#include <system_error>

namespace dubito {

namespace {

Error toError(const std::exception_ptr& thrown, const std::string& worker)
{
    const std::string where = "thread " + worker;
    try {
        std::rethrow_exception(thrown);
    } catch (const std::bad_alloc&) {
        return { ErrorCode::Memory, "the system has no more memory to give", where };
    } catch (const std::system_error& e) {
        if (e.code() == std::errc::resource_unavailable_try_again) {
            return { ErrorCode::Memory,
                "the system gives no more threads; lower training.threads, or raise the limit (ulimit -u, ulimit -v)", where };
        }
        return { ErrorCode::Internal, e.what(), where };
    } catch (const std::exception& e) {
        return { ErrorCode::Internal, e.what(), where };
    } catch (...) {
        return { ErrorCode::Internal, "something unknown was thrown", where };
    }
}

} // namespace

Worker::Worker(std::string name, Work work, OnFailure onFailure)
    : m_thread([name = std::move(name), work = std::move(work), onFailure = std::move(onFailure)](std::stop_token stop) {
        const SignalShield shield; // signals are read from a descriptor, never handled on a thread of ours
        pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
        try {
            work(stop);
        } catch (...) {
            onFailure(toError(std::current_exception(), name));
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
