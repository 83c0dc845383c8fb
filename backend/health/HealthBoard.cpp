// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/health/HealthBoard.h"

#include <fmt/format.h>

namespace dubito::health {

namespace {

constexpr double kGoodShare = 0.8;
constexpr double kFairShare = 0.5;

} // namespace

Score scoreOf(const std::vector<ModuleHealth>& modules)
{
    Score score;
    bool hasFailed = false;
    for (const auto& module : modules) {
        score.counted += module.state == HealthState::Idle ? 0 : 1;
        score.healthy += module.state == HealthState::Healthy ? 1 : 0;
        hasFailed = hasFailed || module.state == HealthState::Failed;
    }
    if (score.counted > 0) {
        score.share = static_cast<double>(score.healthy) / static_cast<double>(score.counted);
    }
    // Many healthy neighbours do not make a failure good.
    score.colour = score.share >= kGoodShare && !hasFailed ? ScoreColour::Good
        : score.share >= kFairShare                        ? ScoreColour::Fair
                                                           : ScoreColour::Bad;
    return score;
}

HealthBoard::HealthBoard(const Clock& clock, std::chrono::nanoseconds staleAfter) : m_clock(clock)
{
    setStaleAfter(staleAfter);
}

void HealthBoard::set(Module module, HealthState state, std::string reason)
{
    const auto now = m_clock.now();
    m_board.update([&](Board& board) {
        Row& row = board.rows[toIndex(module)];
        row.state = state;
        row.reason = std::move(reason);
        row.lastBeat = now;
    });
}

void HealthBoard::beat(Module module, std::string reason) { set(module, HealthState::Healthy, std::move(reason)); }

void HealthBoard::beat(Module module)
{
    const auto now = m_clock.now();
    m_board.update([&](Board& board) { board.rows[toIndex(module)].lastBeat = now; });
}

void HealthBoard::degrade(Module module, std::string reason) { set(module, HealthState::Degraded, std::move(reason)); }
void HealthBoard::fail(Module module, std::string reason) { set(module, HealthState::Failed, std::move(reason)); }
void HealthBoard::idle(Module module, std::string reason) { set(module, HealthState::Idle, std::move(reason)); }

void HealthBoard::setSize(Module module, std::int64_t bytes, double historyFill)
{
    m_board.update([&](Board& board) {
        board.rows[toIndex(module)].bytes = bytes;
        board.rows[toIndex(module)].historyFill = historyFill;
    });
}

void HealthBoard::setStaleAfter(std::chrono::nanoseconds staleAfter)
{
    m_board.update([&](Board& board) { board.staleAfter = staleAfter; });
}

std::vector<ModuleHealth> HealthBoard::rows() const
{
    // The copy first: a beat between the two would otherwise be younger than now.
    const Board board = m_board.copy();
    const auto now = m_clock.now();
    std::vector<ModuleHealth> rows(kModuleCount);
    for (std::size_t i = 0; i < kModuleCount; ++i) {
        const Row& row = board.rows[i];
        ModuleHealth& health = rows[i];
        health = { static_cast<Module>(i), row.state, row.reason, std::chrono::milliseconds(-1), row.bytes,
            row.historyFill };
        if (row.lastBeat.count() < 0) {
            continue;
        }
        health.sinceBeat = std::chrono::duration_cast<std::chrono::milliseconds>(now - row.lastBeat);
        const bool mustBeat = row.state == HealthState::Healthy || row.state == HealthState::Degraded;
        if (mustBeat && now - row.lastBeat > board.staleAfter) {
            health.state = HealthState::Silent;
            health.reason = fmt::format("not heard of for {} s; last: {}", health.sinceBeat.count() / 1000, row.reason);
        }
    }
    return rows;
}

} // namespace dubito::health
