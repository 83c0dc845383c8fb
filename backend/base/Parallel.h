// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Worker.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace dubito {

/// A range over a fixed set of Workers. The split depends on the range and the number of threads alone, never on
/// timing, so that sums have a fixed order.
///
/// The calling thread does slice 0. Between calls the workers spin at most 50 µs, then sleep. One caller at a time;
/// calls do not nest. Nothing is allocated per call. On x86-64 numbers below the smallest normal one are zero within a call,
/// on every thread alike, and as they were after it.
class Parallel {
public:
    /// `threads` in all, the caller included; 0 means one for each processor this process may use.
    explicit Parallel(int threads);
    ~Parallel();

    Parallel(const Parallel&) = delete;
    Parallel& operator=(const Parallel&) = delete;

    int threads() const { return m_threads; }

    /// Calls `body(begin, end, thread)` once per thread on consecutive slices of [0, count); returns when all are done.
    /// Slices are multiples of `grain`, but for the last. An empty slice is not called.
    /// What `body` throws, on whatever thread, is thrown here when all are done.
    template <typename Body>
    void forSlices(std::int64_t count, std::int64_t grain, const Body& body)
    {
        run(count, grain, [](const void* context, std::int64_t begin, std::int64_t end, int thread) {
            (*static_cast<const Body*>(context))(begin, end, thread);
        }, &body);
    }

    template <typename Body>
    void forSlices(std::int64_t count, const Body& body)
    {
        forSlices(count, 1, body);
    }

    /// Calls `body(thread)` once on each thread.
    template <typename Body>
    void forThreads(const Body& body)
    {
        forSlices(m_threads, 1, [&](std::int64_t, std::int64_t, int thread) { body(thread); });
    }

private:
    using Call = void (*)(const void* context, std::int64_t begin, std::int64_t end, int thread);

    struct Job {
        Call call = nullptr;
        const void* context = nullptr;
        std::int64_t count = 0;
        std::int64_t grain = 1;
    };

    void run(std::int64_t count, std::int64_t grain, Call call, const void* context);
    void runSlice(int thread) const;
    void serve(int thread);

    int m_threads;
    Job m_job;
    /// One more for each job, and once at the end: a worker runs when it changes.
    std::atomic<std::uint32_t> m_ticket = 0;
    std::atomic<std::uint32_t> m_pending = 0;
    std::atomic<bool> m_stopping = false;
    std::vector<Worker> m_workers;
};

} // namespace dubito
