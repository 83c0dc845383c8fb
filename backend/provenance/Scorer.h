// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/config/Config.h"
#include "backend/data/Document.h"
#include "backend/provenance/CompatScorer.h"
#include "backend/provenance/Explanation.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dubito::provenance {

/// How a score came about.
enum class Method : std::uint8_t {
    Dynamic, ///< from the text and its metadata
    Hybrid, ///< the same, mixed with the prior of the source type
    Default, ///< a text of fewer than 50 characters
};

std::string_view toWord(Method method);

struct Score {
    double authority = 0; ///< in [0, 0.99]
    double entropy = 0; ///< >= 0
    Method method = Method::Dynamic;
    std::string sourceClass; ///< see sourceClassOf()
    CompatScore details;
    Explanation explanation;
};

/// Gives a document authority and entropy by the profile in force. Built once (its matcher is a table), then used for any
/// number of documents, from any thread.
///
/// compat applies the published batch policy: fewer than 50 characters get 0.50/3.0; a document with a source type is
/// scored hybrid (unless priors are off); every other one dynamic. To score one text without that policy, use
/// CompatScorer.
class Scorer {
public:
    explicit Scorer(const config::Provenance& settings);

    Score score(const data::Document& document) const;

private:
    config::Provenance m_settings;
    CompatScorer m_compat;
};

/// The class under which a document is counted: its own source type when it has one, else the class its text shows most
/// often, else "unknown".
std::string sourceClassOf(const data::Document& document, const CompatScore& score);

} // namespace dubito::provenance
