// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/data/Document.h"
#include "backend/provenance/Explanation.h"
#include "backend/provenance/FoldedText.h"

#include <cstdint>
#include <optional>
#include <string>

namespace dubito::provenance {

struct FoundYear {
    std::int64_t year = 0;
    std::string evidence;     ///< "1923", or "year: 1923" when it stood in the metadata
    std::optional<Span> span; ///< in the text
};

/// The year by the published rules: metadata year, date, publication_date, published (a whole number as it is; the
/// first year in a text); else, in the first 2,000 characters, the year behind "copyright", "©", "published" or
/// "written", else the first year that is named at all, between 1500 and 2030.
///
/// Any year that is mentioned can win: that is a known defect of the rules, and kept.
std::optional<FoundYear> compatYear(const data::Document& document, const FoldedText& text);

} // namespace dubito::provenance
