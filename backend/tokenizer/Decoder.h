// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/tokenizer/JsonPart.h"
#include "backend/tokenizer/Pattern.h"
#include "backend/tokenizer/PreTokenizer.h"

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace dubito::tokenizer {

/// The `decoder` of tokenizer.json: makes text of tokens again. Immutable; any thread.
///
/// Knows ByteLevel, ByteFallback, Fuse, Strip, Replace, Metaspace and Sequence; refuses others by name. Bytes that are
/// no text become U+FFFD: with ByteLevel one for each maximal ill-formed part, with ByteFallback one for every byte of
/// a run that is not well-formed as a whole, as in the reference.
class Decoder {
public:
    /// A null part joins the tokens with blanks.
    static Decoder read(const JsonPart& part);

    std::string decode(std::vector<std::string> tokens) const;

private:
    struct ByteLevel { };
    struct ByteFallback { };
    struct Fuse { };
    struct Strip {
        std::string character;
        std::size_t start = 0; ///< at most so many are taken away at the start of every token
        std::size_t stop = 0;  ///< and at its end
    };
    struct Replace {
        Pattern pattern;
        std::string content;
    };
    using Step = std::variant<ByteLevel, ByteFallback, Fuse, Strip, Replace, Metaspace>;
    using Tokens = std::vector<std::string>;

    static void run(const ByteLevel& step, Tokens& tokens);
    static void run(const ByteFallback& step, Tokens& tokens);
    static void run(const Fuse& step, Tokens& tokens);
    static void run(const Strip& step, Tokens& tokens);
    static void run(const Replace& step, Tokens& tokens);
    static void run(const Metaspace& step, Tokens& tokens);

    void append(const JsonPart& part);

    std::vector<Step> m_steps; // a Sequence is laid flat
    bool m_joinsWithBlanks = true;
};

} // namespace dubito::tokenizer
