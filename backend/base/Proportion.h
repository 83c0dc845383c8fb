// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace dubito {

/// How often something happened, in so many trials: a share with an interval that says how sure one may be of it.
struct Proportion {
    std::int64_t successes = 0;
    std::int64_t trials = 0;

    void addSuccess()
    {
        ++successes;
        ++trials;
    }

    void addFailure() { ++trials; }

    void add(const Proportion& other)
    {
        successes += other.successes;
        trials += other.trials;
    }

    /// In [0, 1]; 0 without trials.
    double share() const;

    struct Interval {
        double low = 0;
        double high = 1;
    };

    /// The score interval of Wilson (1927) at 95 %: inside [0, 1] also when all or none succeeded. Without trials
    /// everything is possible.
    Interval interval() const;

    friend bool operator==(const Proportion&, const Proportion&) = default;
};

} // namespace dubito
