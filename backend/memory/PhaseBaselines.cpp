// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/PhaseBaselines.h"

#include "backend/base/Text.h"

#include <algorithm>

#include <fmt/format.h>

namespace dubito::memory {
namespace {

/// Looks after which a phase is known, by Phase.
constexpr std::array<std::int64_t, kPhaseCount> kLearned { 1, 50, 3, 3 };

constexpr std::int64_t kMargin = 64 * kMiB;

std::int64_t leaveBelow(std::int64_t unusual) { return unusual / 20 * 19; }

} // namespace

std::optional<std::string> PhaseBaselines::look(Phase phase, std::int64_t anonymousBytes)
{
    const auto index = static_cast<std::size_t>(phase);
    PhaseUse& use = m_uses[index];
    ++use.looks;
    if (use.looks <= kLearned[index]) {
        use.usual = std::max(use.usual, anonymousBytes);
        use.unusual = use.looks == kLearned[index] ? use.usual + use.usual / 4 + kMargin : 0;
        return std::nullopt;
    }
    bool& isUnusual = m_isUnusual[index];
    if (isUnusual) {
        isUnusual = anonymousBytes >= leaveBelow(use.unusual);
        return std::nullopt;
    }
    if (anonymousBytes < use.unusual) {
        return std::nullopt;
    }
    isUnusual = true;
    return fmt::format("{} needs {}, out of the ordinary: it used to need {} at most", toWord(phase),
        bytesToText(anonymousBytes), bytesToText(use.usual));
}

} // namespace dubito::memory
