// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/memory/FastClimb.h"
#include "backend/memory/FloorClimb.h"
#include "backend/memory/StairClimb.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace dubito::memory {

struct PairSlopes;

/// How a stream of samples is judged. Sizes in MiB, slopes in MiB per step.
struct LadderRules {
    std::int64_t firstBlock = 4; ///< steps in a block of the shortest scale; each next scale doubles it
    double riseMb = 16; ///< a leak has climbed at least this within the window
    double warnFloorMb = 32; ///< benign decline that is assumed before any was seen, for a warning
    double actFloorMb = 96; ///< the same before anything is done about it
    double warnMbPerStep = 0.02;
    double actMbPerStep = 1.0;
    double floorClimbMb = 224; ///< a floor that climbed so far above all earlier ones is no cache; 0: not looked at
    int fastClimbs = 2; ///< blocks in a row, each above the one before, that make runaway growth
    std::int64_t graceSteps = 100; ///< samples after the start and after a restart that are not looked at

    /// For the resident set: loud, with declines that are no leak.
    static LadderRules forResident(double warnMbPerStep, double actMbPerStep);

    /// For a counter that is exact at the step boundary.
    static LadderRules forExact(double warnMbPerStep, double actMbPerStep);
};

/// A slope in MiB per step with its interval.
struct LeakEstimate {
    double mbPerStep = 0;
    double low = 0;
    double high = 0;
    double lowerBound = 0; ///< one-sided, 99 %: the growth that is certain
};

/// Watches one stream of memory samples and says whether it leaks: the envelope ladder.
///
/// Minima of blocks of 4, 8, 16 … steps, sixteen of each, are the lower envelope at six time scales. On each scale the
/// median of all pair slopes (Theil-Sen) has an interval widened for autocorrelation. A leak must out-climb the largest
/// decline this stream has ever shown on that scale, in both halves of the window, four times in a row. FastClimb adds a
/// short cut for runaway growth, FloorClimb one for steep growth in a loud stream, where short windows alone may only warn,
/// StairClimb one for a quiet stream that grows in portions. About 3 KiB (the bench prints it), no heap, a few
/// microseconds a step. Not for two threads.
///
/// It knows one stream and no limits; LeakJudge weighs several of them.
class LeakLadder {
public:
    explicit LeakLadder(const LadderRules& rules);

    /// The sample of the next step, in MiB.
    void add(double mb);

    /// The alarms as they stand after the last sample; each ends when its evidence does.
    bool warns() const;
    bool acts() const;

    /// The slope by the longest scale that shows steady growth, or else by the longest scale there is.
    LeakEstimate estimate() const;

    /// The evidence of the graver alarm that holds: its longest scale, or runaway growth; estimate() where none holds.
    LeakEstimate evidence() const;

    /// Rise per step of the floor over the shortest window, certain or not: a first hint at who grows.
    double recentRise() const;

    /// The smallest steady leak that would be seen by now; 0 while nothing can be said.
    double nothingAbove() const;

    /// True in the first steps after the start and a restart, which are not looked at.
    bool isInGrace() const { return m_grace > 0; }

    /// Begins anew after a reload or another change of regime, with a grace; what is known of benign declines is kept.
    void restart();

    /// New levels from a live configuration, without a restart.
    void setLevels(double warnMbPerStep, double actMbPerStep);

private:
    static constexpr std::size_t kBlocks = 16;
    static constexpr std::size_t kScales = 6;

    /// One time scale.
    struct Scale {
        std::array<double, kBlocks> minima {}; ///< oldest first
        std::size_t count = 0;
        double pending = 0; ///< the first of two blocks that merge into one of the next scale
        bool hasPending = false;

        LeakEstimate slope;
        bool isSteady = false; ///< both halves climb, and surely
        double visible = 0; ///< the smallest leak this scale would see
        double noiseSlope = 0; ///< decaying maximum of the decline per step
        double drawdown = 0; ///< decaying maximum of the decline within a window
        double prior = 1; ///< what is left of the assumed decline
        std::size_t alike = 0; ///< newest minima that are equal
        int skipped = 0; ///< blocks since the slope was taken last
        int warnRow = 0; ///< evaluations in a row that would warn
        int actRow = 0;
        int actNeeds = 1;

        bool warns() const;
        bool acts() const;
    };

    void addBlock(std::size_t scale, double minimum);
    void judge(std::size_t scale);
    void decide(Scale& scale, const PairSlopes& line, double blockSteps) const;

    LadderRules m_rules;
    std::array<Scale, kScales> m_scales {};
    std::array<double, kScales> m_fades {}; ///< what one block leaves of what is known of declines
    FastClimb m_fast;
    FloorClimb m_floor;
    StairClimb m_stairs;
    Loudness m_loudness = Loudness::Quiet;
    std::int64_t m_grace;
    std::int64_t m_inBlock = 0;
    double m_minimum = 0;
    double m_maximum = 0;
};

} // namespace dubito::memory
