// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace dubito::session {

/// A question that the model answers by what it finds likelier: `prompt` goes on with one of the two.
struct ClaimQuestion {
    std::string prompt;
    std::string primary;
    std::string consensus;

    friend bool operator==(const ClaimQuestion&, const ClaimQuestion&) = default;
};

/// Two sources that contradict each other about one thing: what each of them says, text by text, and how one asks
/// about it in words that neither has used.
struct ClaimPair {
    std::string id;
    std::vector<std::string> primary; ///< documents of the primary source
    std::vector<std::string> consensus; ///< as many of the consensus source
    std::vector<ClaimQuestion> heldOut; ///< phrasings that are not trained
    std::vector<ClaimQuestion> trained; ///< phrasings that are: shows what was learnt at all; may be empty

    friend bool operator==(const ClaimPair&, const ClaimPair&) = default;
};

/// Whether the two answers are equally long to the model; generateClaims() draws again until they are.
using SameLength = std::function<bool(const ClaimQuestion&)>;

/// Invented things with two contradicting years each, balanced so that nothing but the label tells the sources apart:
/// both say the same sentences with another year, both years are drawn alike, and which is the primary one is drawn.
///
/// The same seed gives the same claims. Requires: 0 < count <= kMostClaims.
Result<std::vector<ClaimPair>> generateClaims(std::int64_t count, std::uint64_t seed, const SameLength& isSameLength);

inline constexpr std::int64_t kMostClaims = 2'000;

/// One JSON object a line: `primary` and `consensus` (a text or a list of as many texts), `questions` (a list of
/// {"prompt", "primary", "consensus"}), and, if wanted, `id`. ErrorCode::Data names the line and what is wrong with it.
Result<std::vector<ClaimPair>> readClaims(const std::filesystem::path& file);

} // namespace dubito::session
