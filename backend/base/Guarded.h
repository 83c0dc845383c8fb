// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <utility>

namespace dubito {

/// A value shared between threads, and its only lock. No reference to the value ever leaves.
///
/// Rules of the house: never hold two at once; inside a change do not log, call out or allocate without bound.
template <typename T>
class Guarded {
public:
    Guarded() = default;
    explicit Guarded(T value) : m_value(std::move(value)) { }

    Guarded(const Guarded&) = delete;
    Guarded& operator=(const Guarded&) = delete;

    T copy() const
    {
        const std::lock_guard lock(m_mutex);
        return m_value;
    }

    /// Calls `look(const T&)` under the lock and returns what it returns, by value.
    template <typename Look>
    auto read(Look look) const
    {
        const std::lock_guard lock(m_mutex);
        return look(std::as_const(m_value));
    }

    /// Calls `change(T&)` under the lock, unlocks, then wakes who waits. Returns what the change returns, by value.
    template <typename Change>
    auto update(Change change)
    {
        struct NotifyLast {
            std::condition_variable_any& changed;
            ~NotifyLast() { changed.notify_all(); }
        };
        const NotifyLast notify { m_changed };
        const std::lock_guard lock(m_mutex);
        return change(m_value);
    }

    /// As update(), for a value that nobody waits for: spares the wake-up where nanoseconds count.
    template <typename Change>
    auto updateQuietly(Change change)
    {
        const std::lock_guard lock(m_mutex);
        return change(m_value);
    }

    /// Sleeps until `holds(const T&)`, a stop is requested, or the time is over. True when it holds.
    template <typename Predicate>
    bool waitFor(std::stop_token stop, std::chrono::nanoseconds atMost, Predicate holds) const
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, stop, atMost, [&] { return holds(std::as_const(m_value)); });
    }

private:
    mutable std::mutex m_mutex;
    mutable std::condition_variable_any m_changed;
    T m_value {};
};

} // namespace dubito
