// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/memory/LeakDrill.h"

#include "backend/base/Text.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace dubito::memory {
namespace {

constexpr std::int64_t kMostHeld = 4 * kGiB;
constexpr double kMostMbPerStep = 1024;
constexpr std::int64_t kSmallestLeak = 4096;
constexpr std::string_view kPlainMalloc = "untracked";

/// Bursts come every so many steps; an intermittent leak in one step of ten.
constexpr std::int64_t kBurstSteps = 20;
constexpr double kChance = 0.1;

std::optional<Category> categoryOf(std::string_view word)
{
    const auto* const found = std::ranges::find(kCategoryWords, word);
    if (found == kCategoryWords.end()) {
        return std::nullopt;
    }
    return static_cast<Category>(found - kCategoryWords.begin());
}

Error refusal(std::string_view text)
{
    return { .code = ErrorCode::Usage,
        .message = fmt::format("\"{}\" is no leak drill; write CATEGORY:MB_PER_STEP[:SHAPE][@STEP], where CATEGORY is weights, "
                               "gradients, optimizer, activations, data, history or untracked, MB_PER_STEP is above 0 and at most {:.0f}, "
                               "and SHAPE is constant, bursty or intermittent",
            text, kMostMbPerStep),
        .where = {} };
}

bool isSensible(const Drill& drill)
{
    return (drill.who == kPlainMalloc || categoryOf(drill.who)) && drill.mbPerStep > 0
        && drill.mbPerStep <= kMostMbPerStep;
}

/// What stands before the mark; `rest` keeps what follows it.
std::string_view takeUntil(std::string_view& rest, char mark)
{
    const std::size_t at = std::min(rest.find(mark), rest.size());
    const std::string_view taken = rest.substr(0, at);
    rest = rest.substr(std::min(at + 1, rest.size()));
    return taken;
}

std::optional<DrillShape> shapeOf(std::string_view word)
{
    const auto* const found = std::ranges::find(kDrillShapeWords, word);
    if (word.empty() || found == kDrillShapeWords.end()) {
        return word.empty() ? std::optional(DrillShape::Constant) : std::nullopt;
    }
    return static_cast<DrillShape>(found - kDrillShapeWords.begin());
}

} // namespace

Result<Drill> parseDrill(std::string_view text)
{
    std::string_view rest = text;
    Drill drill { .active = true, .who = std::string(trimmed(takeUntil(rest, ':'))) };
    if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
        drill.afterSteps = parseInteger(trimmed(rest.substr(at + 1))).value_or(-1);
        rest = rest.substr(0, at);
    }
    drill.mbPerStep = parseNumber(trimmed(takeUntil(rest, ':'))).value_or(0);
    const auto shape = shapeOf(trimmed(rest));
    if (!isSensible(drill) || !shape || drill.afterSteps < 0) {
        return refusal(text);
    }
    drill.shape = *shape;
    return drill;
}

Result<void> LeakDrill::start(const Drill& drill)
{
    if (!isSensible(drill)) {
        return refusal(fmt::format("{}:{}", drill.who, drill.mbPerStep));
    }
    const std::int64_t held = m_drill.heldBytes;
    m_drill = drill;
    m_drill.active = true;
    m_drill.heldBytes = held;
    m_steps = 0;
    m_owedBytes = 0;
    return {};
}

void LeakDrill::stop()
{
    dropHeld();
    m_drill = Drill {};
}

void LeakDrill::step()
{
    if (!m_drill.active) {
        return;
    }
    if (++m_steps <= m_drill.afterSteps) {
        return;
    }
    m_owedBytes += m_drill.mbPerStep * static_cast<double>(kMiB);
    const bool isDue = m_drill.shape == DrillShape::Constant
        || (m_drill.shape == DrillShape::Bursty && m_steps % kBurstSteps == 0)
        || (m_drill.shape == DrillShape::Intermittent && m_random.uniform() < kChance);
    const auto owed = static_cast<std::int64_t>(m_owedBytes);
    if (isDue && owed >= kSmallestLeak && m_drill.heldBytes + owed <= kMostHeld && leak(owed)) {
        m_drill.heldBytes += owed;
        m_owedBytes -= static_cast<double>(owed);
    }
}

void LeakDrill::dropHeld()
{
    m_blocks.clear();
    m_plain.clear();
    m_drill.heldBytes = 0;
    m_owedBytes = 0;
}

bool LeakDrill::leak(std::int64_t bytes)
{
    constexpr int kMark = 0x5a;
    const auto size = static_cast<std::size_t>(bytes);
    if (const auto category = categoryOf(m_drill.who)) {
        Result<Block> block = m_memory.allocate(size, *category);
        if (!block) {
            return false;
        }
        std::memset(block->data(), kMark, size);
        m_blocks.push_back(std::move(block).value());
        return true;
    }
    auto plain = std::make_unique<std::byte[]>(size);
    std::memset(plain.get(), kMark, size);
    m_plain.push_back(std::move(plain));
    return true;
}

} // namespace dubito::memory
