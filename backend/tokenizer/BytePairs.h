// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/tokenizer/JsonPart.h"
#include "backend/tokenizer/PairTable.h"
#include "backend/tokenizer/Vocabulary.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace dubito::tokenizer {

/// The `model` of tokenizer.json: byte pair encoding. Turns one piece into ids by merging neighbours, the best rank
/// first.
///
/// n characters cost n log n: a queue over a linked list, so that a piece may be a whole line of 180,000 characters.
/// Immutable; any thread, each with a Scratch of its own.
class BytePairs {
public:
    /// What encoding a piece needs besides the tables; kept by the caller so that pieces share it.
    class Scratch {
    public:
        /// Candidates looked at so far: what the time of an encoding is proportional to.
        std::int64_t steps() const { return m_steps; }

    private:
        friend class BytePairs;

        struct Symbol {
            std::int32_t id = 0;
            std::uint32_t previous = 0;
            std::uint32_t next = 0;
            bool isMerged = false; ///< it has become a part of an earlier one
        };
        struct Candidate {
            std::uint32_t rank = 0;
            std::uint32_t position = 0;
            std::int32_t id = 0;

            /// The queue gives the smallest rank first, and among equals the leftmost.
            friend bool operator<(const Candidate& a, const Candidate& b)
            {
                return a.rank != b.rank ? a.rank > b.rank : a.position > b.position;
            }
        };

        std::vector<Symbol> m_symbols;
        std::vector<Candidate> m_queue;
        std::int64_t m_steps = 0;
    };

    /// Refuses what is no BPE model, ids taken twice or far out of range, merges of unknown tokens.
    static BytePairs read(const JsonPart& part);

    const Vocabulary& vocabulary() const { return m_vocabulary; }

    /// Appends the ids of `piece`. A character that is in no token becomes its bytes (byte_fallback), the unknown
    /// token, or nothing, as the file says. Requires: well-formed UTF-8, fewer than 2^31 bytes.
    void encode(std::string_view piece, Scratch& scratch, std::vector<std::int32_t>& ids) const;

    /// About how much memory it holds.
    std::int64_t bytes() const { return m_vocabulary.bytes() + m_pairs.bytes(); }

private:
    struct Unknown; // unknown characters on their way to becoming one token

    void readVocabulary(const JsonPart& part);
    void readMerges(const JsonPart& part);
    void readMerge(const JsonPart& merge, std::uint32_t rank);
    void readUnknown(const JsonPart& part);

    std::optional<std::int32_t> idOfCharacter(std::string_view character) const;
    void cutIntoCharacters(std::string_view piece, Scratch& scratch) const;
    bool addBytes(std::string_view character, Scratch& scratch) const;
    void propose(Scratch& scratch, std::uint32_t position) const;
    void fillQueue(Scratch& scratch) const;
    void mergeAll(Scratch& scratch) const;

    Vocabulary m_vocabulary;
    PairTable m_pairs;
    std::array<std::int32_t, 0x180> m_idsOfLetters {}; // shortcut for the commonest characters; -1 for none
    std::array<std::int32_t, 256> m_idsOfBytes {};     // "<0x00>" … "<0xFF>"; -1 for none
    std::optional<std::int32_t> m_unknown;
    bool m_fusesUnknown = false;
    bool m_fallsBackToBytes = false;
    bool m_ignoresMerges = false;
};

} // namespace dubito::tokenizer
