// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/DivergenceGuard.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace dubito::train {

namespace {

constexpr double kFastShare = 0.1;
constexpr double kSlowShare = 0.01;
constexpr std::int64_t kLearningSteps = 50;
constexpr std::int64_t kPatienceSteps = 20;
constexpr double kLeastRise = 1.0; ///< nats
constexpr double kDeviations = 4.0;
/// Nats: worse than a guess among 10^13 words. Holds while the usual loss is still learnt, too.
constexpr double kAbsurd = 30.0;

} // namespace

std::optional<std::string> DivergenceGuard::judge(double crossEntropy)
{
    if (!std::isfinite(crossEntropy)) {
        return fmt::format("the loss is {}", std::isnan(crossEntropy) ? "not a number" : "infinite");
    }
    ++m_steps;
    if (m_steps == 1) {
        m_first = m_fast = m_slow = crossEntropy;
        return std::nullopt;
    }
    const double slowShare = std::max(kSlowShare, 1.0 / static_cast<double>(m_steps));
    m_fast += kFastShare * (crossEntropy - m_fast);
    const double absurd = std::max(kAbsurd, 2 * m_first); // a model of odd weights may begin there, and learn
    const double learnt = m_slow + std::max(kLeastRise, kDeviations * m_deviation);
    const double limit = m_steps > kLearningSteps ? std::min(learnt, absurd) : absurd;
    const bool above = m_fast > limit;
    m_stepsAbove = above ? m_stepsAbove + 1 : 0;
    if (m_stepsAbove >= kPatienceSteps) {
        return fmt::format("the loss ran away: its fast average is {:.3f}, its slow one {:.3f}, and it has been above "
                           "{:.3f} for {} steps",
            m_fast, m_slow, limit, m_stepsAbove);
    }
    if (!above) {
        // What is above must not teach the guard that it is normal.
        m_deviation += slowShare * (std::abs(crossEntropy - m_slow) - m_deviation);
        m_slow += slowShare * (crossEntropy - m_slow);
    }
    return std::nullopt;
}

} // namespace dubito::train
