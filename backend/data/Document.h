// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dubito::data {

/// A year or date as the corpus gives it: nothing, a whole number, or text.
using YearText = std::variant<std::monostate, std::int64_t, std::string>;

/// What one line of the corpus says. Text is valid UTF-8; a label is finite and in its range.
///
/// Either both labels are there or neither: JsonlReader refuses a line with only one of them.
struct Document {
    std::string text; ///< never empty; the prompt followed by the completion where the line has those
    std::size_t promptBytes = 0; ///< the first bytes of `text` are the prompt, on which nothing is trained

    std::optional<double> authority; ///< in [0, 0.99]
    std::optional<double> entropy; ///< >= 0

    std::string id;
    std::string title;
    std::string sourceType;
    std::string publisher;
    std::string source;
    std::string url;
    YearText year;
    YearText date;
    YearText publicationDate;
    YearText published;
    std::vector<std::string> evidence;

    std::string file; ///< as it was opened
    std::int64_t line = 0; ///< 1-based

    bool isLabelled() const { return authority.has_value() && entropy.has_value(); }

    std::string_view prompt() const { return std::string_view(text).substr(0, promptBytes); }
    std::string_view completion() const { return std::string_view(text).substr(promptBytes); }

    /// The id, or "file:line" when the corpus gives none.
    std::string name() const { return id.empty() ? file + ":" + std::to_string(line) : id; }
};

} // namespace dubito::data
