// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/data/Document.h"
#include "backend/provenance/Explanation.h"
#include "backend/provenance/Markers.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

namespace dubito::provenance {

/// What the published scorer finds in one document, and the two values it makes of it.
struct CompatScore {
    double authority = 0; ///< in [0, 0.99]
    double entropy = 0; ///< >= 0
    std::int64_t citations = 0;
    std::int64_t primaryMarkers = 0;
    std::int64_t consensusPhrases = 0;
    double institution = 0; ///< strongest marker, 0 to 0.35
    double consensus = 0; ///< 0 to 0.20
    std::optional<std::int64_t> year;
    std::array<std::int64_t, kSourceClassCount> classes {}; ///< by SourceClass
};

/// The published keyword scorer, value for value, with its known defects (substrings, any year mentioned, keyword
/// stuffing). Python's rules where its two published forms differ; letters, digits and word boundaries know Unicode.
///
/// One pass over the text with a precomputed automaton, linear in its length whatever it holds. Immutable: any thread.
/// It scores one text; the batch policy (short texts, priors) is Scorer's.
class CompatScorer {
public:
    CompatScorer();
    ~CompatScorer();
    CompatScorer(CompatScorer&&) noexcept;
    CompatScorer& operator=(CompatScorer&&) noexcept;

    /// Appends its reasons to `explanation`. `knownCitations` above 0 replaces the counted ones.
    CompatScore score(const data::Document& document, Explanation& explanation,
        std::int64_t knownCitations = 0) const;

    CompatScore score(const data::Document& document) const;

private:
    struct Automaton;
    std::unique_ptr<const Automaton> m_automaton;
};

/// The same mixed 0.7 : 0.3 with the prior of the source type, "unknown" for a type without one.
CompatScore mixedWithPrior(const CompatScore& dynamic, std::string_view sourceType, Explanation& explanation);

} // namespace dubito::provenance
