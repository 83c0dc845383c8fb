// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Parallel.h"

#include "backend/base/Check.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <sched.h>
#include <string>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace dubito {

namespace {

constexpr auto kSpinTime = std::chrono::microseconds(50);

int processorsAllowed()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) {
        return 1;
    }
    return std::max(1, CPU_COUNT(&set));
}

void relax()
{
#if defined(__x86_64__)
    _mm_pause();
#endif
}

/// Until `value` is no longer `old`: spins for a moment, then sleeps in the kernel.
void awaitChange(const std::atomic<std::uint32_t>& value, std::uint32_t old)
{
    const auto end = std::chrono::steady_clock::now() + kSpinTime;
    while (value.load(std::memory_order_acquire) == old) {
        for (int i = 0; i < 64 && value.load(std::memory_order_relaxed) == old; ++i) {
            relax();
        }
        if (std::chrono::steady_clock::now() >= end) {
            value.wait(old, std::memory_order_acquire);
        }
    }
}

void dismiss(std::atomic<bool>& stopping, std::atomic<std::uint32_t>& ticket)
{
    stopping.store(true, std::memory_order_relaxed);
    ticket.fetch_add(1, std::memory_order_release);
    ticket.notify_all();
}

/// A kernel does not throw, but what it calls may when memory is out: on whatever thread that was, run() throws it.
template <typename Call>
struct Catching {
    Call call;
    const void* context;
    std::atomic<bool> hasThrown = false;
    std::exception_ptr thrown {};

    static void slice(const void* self, std::int64_t begin, std::int64_t end, int thread)
    {
        auto& catching = *static_cast<Catching*>(const_cast<void*>(self)); // the job knows contexts that nobody changes
        try {
            catching.call(catching.context, begin, end, thread);
        } catch (...) {
            if (!catching.hasThrown.exchange(true)) {
                catching.thrown = std::current_exception();
            }
        }
    }
};

/// While it lives, the calling thread takes numbers below the smallest normal one (1.2e-38 in float) for zero.
///
/// The processor computes them by microcode, at a hundred times the price: squares of tiny gradients and probabilities
/// that vanish make a training slower the longer it learns.
class FlushToZero {
public:
#if defined(__x86_64__)
    FlushToZero() { _mm_setcsr(m_before | kFlush); }
    ~FlushToZero() { _mm_setcsr(m_before); }
#else
    FlushToZero() = default;
#endif
    FlushToZero(const FlushToZero&) = delete;
    FlushToZero& operator=(const FlushToZero&) = delete;

private:
#if defined(__x86_64__)
    static constexpr unsigned kFlush = 0x8040; ///< results (FTZ) and operands (DAZ)
    unsigned m_before = _mm_getcsr();
#endif
};

} // namespace

Parallel::Parallel(int threads) : m_threads(threads > 0 ? threads : processorsAllowed())
{
    m_workers.reserve(static_cast<std::size_t>(m_threads - 1));
    for (int thread = 1; thread < m_threads; ++thread) {
        try {
            m_workers.emplace_back(
                "pool-" + std::to_string(thread), [this, thread](std::stop_token) { serve(thread); },
                [](const Error& error) { failCheck("a pool thread must not throw", error.message); });
        } catch (...) {
            dismiss(m_stopping, m_ticket); // those that are there would be waited for, and wait
            throw;
        }
    }
}

Parallel::~Parallel() { dismiss(m_stopping, m_ticket); }

void Parallel::run(std::int64_t count, std::int64_t grain, Call call, const void* context)
{
    if (count <= 0) {
        return;
    }
    [[maybe_unused]] const FlushToZero flush;
    const std::int64_t atLeast = std::max<std::int64_t>(1, grain);
    if (m_threads == 1 || count <= atLeast) {
        call(context, 0, count, 0);
        return;
    }
    Catching<Call> catching { call, context };
    m_job = { &Catching<Call>::slice, &catching, count, atLeast };
    m_pending.store(static_cast<std::uint32_t>(m_threads - 1), std::memory_order_relaxed);
    m_ticket.fetch_add(1, std::memory_order_release);
    m_ticket.notify_all();
    runSlice(0);
    for (std::uint32_t left = m_pending.load(std::memory_order_acquire); left != 0;
         left = m_pending.load(std::memory_order_acquire)) {
        awaitChange(m_pending, left);
    }
    if (catching.thrown) {
        std::rethrow_exception(catching.thrown);
    }
}

void Parallel::runSlice(int thread) const
{
    const std::int64_t grains = (m_job.count + m_job.grain - 1) / m_job.grain;
    const std::int64_t begin = grains * thread / m_threads * m_job.grain;
    const std::int64_t end = std::min(m_job.count, grains * (thread + 1) / m_threads * m_job.grain);
    if (begin < end) {
        m_job.call(m_job.context, begin, end, thread);
    }
}

void Parallel::serve(int thread)
{
    [[maybe_unused]] const FlushToZero flush;
    std::uint32_t seen = 0;
    for (;;) {
        awaitChange(m_ticket, seen);
        ++seen;
        if (m_stopping.load(std::memory_order_relaxed)) {
            return;
        }
        runSlice(thread);
        m_pending.fetch_sub(1, std::memory_order_release);
        m_pending.notify_all();
    }
}

} // namespace dubito
