// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace dubito::train {

/// Says when a loss is no loss any more: NaN or infinite, its fast average far above its slow one, or so large that the model
/// would do better to guess.
///
/// Fed once per optimizer step with the token-mean cross-entropy. The slow average and the usual deviation are learnt
/// over the run, so that a corpus with loud batches is judged by its own noise.
class DivergenceGuard {
public:
    /// A sentence when the run has diverged, nothing otherwise.
    std::optional<std::string> judge(double crossEntropy);

private:
    std::int64_t m_steps = 0;
    std::int64_t m_stepsAbove = 0;
    double m_first = 0;
    double m_fast = 0;
    double m_slow = 0;
    double m_deviation = 0;
};

} // namespace dubito::train
