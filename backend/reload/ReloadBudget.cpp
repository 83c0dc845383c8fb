// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/reload/ReloadBudget.h"

#include <algorithm>
#include <fmt/format.h>

namespace dubito::reload {

namespace {

constexpr std::chrono::nanoseconds kWindow = std::chrono::hours(1);
constexpr std::chrono::nanoseconds kFirstBackOff = std::chrono::seconds(15);

std::int64_t secondsOf(std::chrono::nanoseconds time)
{
    return std::chrono::ceil<std::chrono::seconds>(time).count();
}

} // namespace

void ReloadBudget::setRules(const config::Reload& rules) { m_rules = rules; }

Admission ReloadBudget::admit(std::chrono::nanoseconds now, std::int64_t step, Urgency urgency) const
{
    using enum Admission::Answer;
    if (m_rules.perHour <= 0) {
        return { GiveUp, "unplanned reloads are switched off (reload.per_hour is 0)" };
    }
    if (left(now) <= 0) {
        return { GiveUp,
            fmt::format("{} unplanned reloads in the last hour did not help for long", inLastHour(now)) };
    }
    if (urgency == Urgency::Urgent) {
        return { Yes, "" };
    }
    if (const auto steps = cooldownLeft(step); steps > 0) {
        return { Later, fmt::format("the cool-down has {} steps left", steps) };
    }
    if (const auto time = backOffLeft(now); time.count() > 0) {
        return { Later, fmt::format("the back-off has {} s left", secondsOf(time)) };
    }
    return { Yes, "" };
}

void ReloadBudget::note(std::chrono::nanoseconds now, std::int64_t step, Help help) { m_done.push({ now, step, help }); }

std::int64_t ReloadBudget::inLastHour(std::chrono::nanoseconds now) const
{
    std::int64_t count = 0;
    for (std::size_t i = 0; i < m_done.size(); ++i) {
        count += now - m_done[i].time < kWindow ? 1 : 0;
    }
    return count;
}

std::int64_t ReloadBudget::left(std::chrono::nanoseconds now) const
{
    return std::max<std::int64_t>(0, m_rules.perHour - inLastHour(now));
}

std::int64_t ReloadBudget::cooldownLeft(std::int64_t step) const
{
    if (m_done.empty()) {
        return 0;
    }
    // A reload of the process before may have been at a later step than the checkpoint it goes on from.
    return std::clamp<std::int64_t>(m_done.newest().step + m_rules.cooldownSteps - step, 0, m_rules.cooldownSteps);
}

std::chrono::nanoseconds ReloadBudget::backOffLeft(std::chrono::nanoseconds now) const
{
    std::int64_t useless = 0;
    std::chrono::nanoseconds newest { 0 };
    for (std::size_t i = 0; i < m_done.size(); ++i) {
        const Done& done = m_done[i];
        if (done.help == Help::DidNot && now - done.time < kWindow) {
            newest = useless == 0 ? done.time : std::max(newest, done.time);
            ++useless;
        }
    }
    if (useless == 0) {
        return std::chrono::nanoseconds(0);
    }
    const auto wait = kFirstBackOff * (std::int64_t { 1 } << std::min<std::int64_t>(useless - 1, 8));
    return std::max(std::chrono::nanoseconds(0), newest + wait - now);
}

} // namespace dubito::reload
