// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Ring.h"
#include "backend/config/Config.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace dubito::reload {

/// How pressing an unplanned reload is: what is urgent does not wait for the cool-down.
enum class Urgency : std::uint8_t { Usual, Urgent };

/// Whether a reload brought the memory down. One that did leaves no back-off behind: waiting helps where reloading does not.
enum class Help : std::uint8_t { Helped, DidNot };

/// May an unplanned reload happen now?
struct Admission {
    enum class Answer : std::uint8_t {
        Yes,
        Later, ///< cool-down or back-off
        GiveUp, ///< the budget of this hour is spent: what does not help must not loop
    };
    Answer answer = Answer::Yes;
    std::string reason; ///< in words, unless Yes
};

/// Counts unplanned reloads: so many in an hour, a cool-down in steps between two, and a back-off that doubles with each
/// one of the last hour that did not help. Planned reloads (manual, interval) are not its business.
class ReloadBudget {
public:
    /// Limits may change while it counts.
    void setRules(const config::Reload& rules);

    Admission admit(std::chrono::nanoseconds now, std::int64_t step, Urgency urgency) const;
    void note(std::chrono::nanoseconds now, std::int64_t step, Help help);

    std::int64_t left(std::chrono::nanoseconds now) const;
    std::int64_t cooldownLeft(std::int64_t step) const;
    std::chrono::nanoseconds backOffLeft(std::chrono::nanoseconds now) const;

private:
    /// As many as reload.per_hour can ask for.
    static constexpr std::size_t kRemembered = 1000;

    struct Done {
        std::chrono::nanoseconds time { 0 };
        std::int64_t step = 0;
        Help help = Help::Helped;
    };

    std::int64_t inLastHour(std::chrono::nanoseconds now) const;

    config::Reload m_rules;
    Ring<Done> m_done { kRemembered };
};

} // namespace dubito::reload
