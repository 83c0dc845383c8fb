// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/tokenizer/JsonPart.h"
#include "backend/tokenizer/Pattern.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dubito::tokenizer {

enum class NormalForm : std::uint8_t { Nfc, Nfd, Nfkc, Nfkd };

/// The Unicode normal form of well-formed text. Time is n log n also for a text of nothing but combining marks.
std::string toNormalForm(std::string_view text, NormalForm form);

/// Every character in its lower case, one by one: no rule looks at its neighbours.
std::string toLowercase(std::string_view text);

/// The `normalizer` of tokenizer.json: rewrites text before it is cut. Immutable; any thread.
///
/// Knows NFC, NFD, NFKC, NFKD, Lowercase, Strip, Prepend, Replace and Sequence; refuses others by name.
class Normalizer {
public:
    /// A null part changes nothing.
    static Normalizer read(const JsonPart& part);

    /// False when a pattern was given up (see Finder); the text is then as far as it got. Requires: well-formed UTF-8.
    bool apply(std::string& text) const;

private:
    struct Lowercase { };
    struct Strip {
        bool left = false;
        bool right = false;
    };
    struct Prepend {
        std::string text;
    };
    struct Replace {
        Pattern pattern;
        std::string content;
    };
    using Step = std::variant<NormalForm, Lowercase, Strip, Prepend, Replace>;

    void append(const JsonPart& part);

    std::vector<Step> m_steps; // a Sequence is laid flat
};

/// `text` with every match of `pattern` replaced by `content`. False when the pattern was given up, or when the result
/// would have more than `atMost` bytes; the text is then as it was, or as far as the pattern got.
bool replaceAll(std::string& text, const Pattern& pattern, std::string_view content, std::size_t atMost);

/// How large a text of `bytes` bytes may become on its way: generous, but in proportion.
constexpr std::size_t mostBytes(std::size_t bytes) { return 64 * bytes + 65536; }

/// A pattern and its content, as Replace has them in normalizers and decoders. An empty literal is refused.
Pattern readReplacePattern(const JsonPart& part);

} // namespace dubito::tokenizer
