// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::tokenizer {

/// A piece of tokenizer.json together with its place in the file ("pre_tokenizer.pretokenizers[1]").
///
/// Nothing in the file is trusted: a getter that finds nothing, or something of another type, writes one sentence into
/// the shared Problem (the first one stays) and gives an empty value, so that a reader reads on and asks once at its
/// end. The JSON and the Problem must outlive it.
class JsonPart {
public:
    using Problem = std::optional<std::string>;

    JsonPart(const nlohmann::json& value, std::string place, Problem& problem);

    const nlohmann::json& json() const { return *m_value; }
    const std::string& place() const { return m_place; }

    bool isNull() const;

    /// True when `key` is there and not null.
    bool has(std::string_view key) const;

    /// The part below `key`; a null part when it is absent.
    JsonPart at(std::string_view key) const;

    static constexpr std::size_t kMostElements = 65536;
    static constexpr std::size_t kMostSteps = 16; ///< of a Sequence: every one may double a text

    /// The element `index` of this array. Requires: this is an array with that many.
    JsonPart element(std::size_t index) const;

    /// The elements of the array below `key`; a problem when there is none, or more than kMostElements.
    std::vector<JsonPart> list(std::string_view key) const;

    /// The word below "type".
    std::string type() const { return text("type"); }

    std::string text(std::string_view key) const;

    /// A text that a step puts into other texts: at most 1024 bytes.
    std::string insertion(std::string_view key) const;

    /// A text of exactly one character.
    char32_t character(std::string_view key) const;

    /// A whole number from 0 to `atMost`.
    std::int64_t number(std::string_view key, std::int64_t atMost) const;

    bool isOn(std::string_view key) const;           ///< absent means false
    bool isOnUnlessSaid(std::string_view key) const; ///< absent means true

    /// Notes what is wrong with this part. The sentence is preceded by the place.
    void refuse(std::string_view sentence) const;

    /// True when anything in the file has been refused so far.
    bool isRefused() const { return m_problem->has_value(); }

private:
    bool flag(std::string_view key, const bool& otherwise) const;

    const nlohmann::json* m_value;
    std::string m_place;
    Problem* m_problem;
};

} // namespace dubito::tokenizer
