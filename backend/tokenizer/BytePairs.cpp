// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/BytePairs.h"

#include "backend/base/Check.h"
#include "backend/tokenizer/Utf8.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace dubito::tokenizer {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

/// Ids may have gaps, but a table by id must stay in proportion to the file that asks for it.
std::int64_t highestReasonableId(std::size_t tokens) { return 4 * static_cast<std::int64_t>(tokens) + 65535; }

/// The two sides of "left right" or ["left", "right"]; a problem when it is neither.
std::pair<std::string, std::string> sidesOf(const JsonPart& merge)
{
    const nlohmann::json& json = merge.json();
    if (json.is_string()) {
        const auto& line = json.get_ref<const std::string&>();
        const auto blank = line.find(' ');
        if (blank != std::string::npos && line.find(' ', blank + 1) == std::string::npos) {
            return { line.substr(0, blank), line.substr(blank + 1) };
        }
    } else if (json.is_array() && json.size() == 2 && json[0].is_string() && json[1].is_string()) {
        return { json[0].get<std::string>(), json[1].get<std::string>() };
    }
    merge.refuse("must be two tokens, as \"a b\" or [\"a\", \"b\"]");
    return {};
}

void refuseUnlessEmpty(const JsonPart& part, std::string_view key)
{
    if (part.has(key) && !part.text(key).empty()) {
        part.at(key).refuse("is not supported: only byte-level and SentencePiece-style models are");
    }
}

} // namespace

/// A run of unknown characters, which fuse_unk makes one token.
struct BytePairs::Unknown {
    std::int32_t id = 0;
    bool isFused = false;
    bool isPending = false;

    void flush(std::vector<Scratch::Symbol>& symbols)
    {
        if (std::exchange(isPending, false)) {
            symbols.push_back({ .id = id });
        }
    }

    void add(std::vector<Scratch::Symbol>& symbols)
    {
        if (!isFused) {
            flush(symbols);
        }
        isPending = true;
    }
};

BytePairs BytePairs::read(const JsonPart& part)
{
    BytePairs model;
    if (!part.json().is_object()) {
        part.refuse("must be an object: without a model there are no tokens");
        return model;
    }
    // Files from before the models had types have vocab and merges all the same.
    if (part.has("type") && part.type() != "BPE") {
        part.refuse(fmt::format("is \"{}\", which is not supported; BPE is", part.type()));
        return model;
    }
    refuseUnlessEmpty(part, "continuing_subword_prefix");
    refuseUnlessEmpty(part, "end_of_word_suffix");
    const JsonPart dropout = part.at("dropout");
    if (!dropout.isNull() && !(dropout.json().is_number() && dropout.json().get<double>() == 0.0)) {
        dropout.refuse("is not supported: the same text must always give the same ids. Set it to null");
    }
    model.m_ignoresMerges = part.isOn("ignore_merges");
    model.m_fallsBackToBytes = part.isOn("byte_fallback");
    model.m_fusesUnknown = part.isOn("fuse_unk");
    model.readVocabulary(part);
    model.readMerges(part);
    model.readUnknown(part);
    return model;
}

void BytePairs::readVocabulary(const JsonPart& part)
{
    const JsonPart vocabulary = part.at("vocab");
    if (!vocabulary.json().is_object() || vocabulary.json().empty()) {
        vocabulary.refuse("must be an object that gives every token its id");
        return;
    }
    const std::int64_t highest = highestReasonableId(vocabulary.json().size());
    for (const auto& [token, id] : vocabulary.json().items()) {
        const bool isId = id.is_number_unsigned() && id.get<std::uint64_t>() <= static_cast<std::uint64_t>(highest);
        if (!isId) {
            vocabulary.refuse(fmt::format(
                "gives \"{}\" the id {}; it must be a whole number from 0 to {}", token, id.dump(), highest));
            return;
        }
        if (!m_vocabulary.add(token, id.get<std::int32_t>())) {
            vocabulary.refuse(fmt::format("gives the id {} to \"{}\" and to \"{}\"", id.get<std::int32_t>(),
                *m_vocabulary.tokenOf(id.get<std::int32_t>()), token));
            return;
        }
    }
    for (std::size_t letter = 0; letter < m_idsOfLetters.size(); ++letter) {
        m_idsOfLetters[letter] = m_vocabulary.idOf(toUtf8(static_cast<char32_t>(letter))).value_or(-1);
    }
    for (std::size_t byte = 0; byte < m_idsOfBytes.size(); ++byte) {
        m_idsOfBytes[byte] = m_vocabulary.idOf(fmt::format("<0x{:02X}>", byte)).value_or(-1);
    }
}

void BytePairs::readMerges(const JsonPart& part)
{
    const JsonPart merges = part.at("merges");
    if (!merges.json().is_array()) {
        merges.refuse("must be a list of the pairs that merge, the first ones first");
        return;
    }
    const std::size_t count = merges.json().size();
    m_pairs = PairTable(count);
    for (std::size_t rank = 0; rank < count && !part.isRefused(); ++rank) {
        const JsonPart merge = merges.element(rank);
        // The first line of an old merges.txt is sometimes copied along.
        if (!merge.json().is_string() || !merge.json().get_ref<const std::string&>().starts_with("#version")) {
            readMerge(merge, static_cast<std::uint32_t>(rank));
        }
    }
}

void BytePairs::readMerge(const JsonPart& merge, std::uint32_t rank)
{
    const auto [left, right] = sidesOf(merge);
    const std::string whole = left + right;
    for (const std::string& token : { left, right, whole }) {
        if (!m_vocabulary.idOf(token)) {
            merge.refuse(fmt::format("needs the token \"{}\", which the vocabulary does not have", token));
            return;
        }
    }
    m_pairs.put(*m_vocabulary.idOf(left), *m_vocabulary.idOf(right), { rank, *m_vocabulary.idOf(whole) });
}

void BytePairs::readUnknown(const JsonPart& part)
{
    if (!part.has("unk_token")) {
        return;
    }
    m_unknown = m_vocabulary.idOf(part.text("unk_token"));
    if (!m_unknown) {
        part.at("unk_token").refuse("is not in the vocabulary");
    }
}

void BytePairs::encode(std::string_view piece, Scratch& scratch, std::vector<std::int32_t>& ids) const
{
    CHECK(piece.size() < kNone / 2, "a piece of more than 2 GiB");
    if (m_ignoresMerges) {
        if (const auto whole = m_vocabulary.idOf(piece)) {
            ids.push_back(*whole);
            return;
        }
    }
    cutIntoCharacters(piece, scratch);
    if (scratch.m_symbols.size() > 1) {
        fillQueue(scratch);
        mergeAll(scratch);
    }
    for (const auto& symbol : scratch.m_symbols) {
        if (!symbol.isMerged) {
            ids.push_back(symbol.id);
        }
    }
}

std::optional<std::int32_t> BytePairs::idOfCharacter(std::string_view character) const
{
    if (character.size() > 2) {
        return m_vocabulary.idOf(character);
    }
    const auto letter = static_cast<std::size_t>(characterAt(character, 0).codePoint);
    if (letter >= m_idsOfLetters.size()) {
        return m_vocabulary.idOf(character);
    }
    return m_idsOfLetters[letter] < 0 ? std::nullopt : std::optional(m_idsOfLetters[letter]);
}

bool BytePairs::addBytes(std::string_view character, Scratch& scratch) const
{
    const auto idOfByte = [this](char c) { return m_idsOfBytes[static_cast<unsigned char>(c)]; };
    if (std::any_of(character.begin(), character.end(), [&](char c) { return idOfByte(c) < 0; })) {
        return false;
    }
    for (const char c : character) {
        scratch.m_symbols.push_back({ .id = idOfByte(c) });
    }
    return true;
}

void BytePairs::cutIntoCharacters(std::string_view piece, Scratch& scratch) const
{
    auto& symbols = scratch.m_symbols;
    symbols.clear();
    Unknown unknown { .id = m_unknown.value_or(0), .isFused = m_fusesUnknown };
    for (std::size_t at = 0; at < piece.size();) {
        const std::string_view character = piece.substr(at, characterAt(piece, at).bytes);
        at += character.size();
        if (const auto id = idOfCharacter(character)) {
            unknown.flush(symbols);
            symbols.push_back({ .id = *id });
        } else if ((!m_fallsBackToBytes || !addBytes(character, scratch)) && m_unknown) {
            // As in the reference, bytes do not flush: an unknown character waits for the next known one.
            unknown.add(symbols);
        }
    }
    unknown.flush(symbols);
    for (std::uint32_t i = 0; i < symbols.size(); ++i) {
        symbols[i].previous = i == 0 ? kNone : i - 1;
        symbols[i].next = i + 1 == symbols.size() ? kNone : i + 1;
    }
}

void BytePairs::propose(Scratch& scratch, std::uint32_t position) const
{
    const auto& left = scratch.m_symbols[position];
    ++scratch.m_steps;
    if (left.next == kNone) {
        return;
    }
    if (const Merge* merge = m_pairs.find(left.id, scratch.m_symbols[left.next].id)) {
        scratch.m_queue.push_back({ merge->rank, position, merge->id });
    }
}

void BytePairs::fillQueue(Scratch& scratch) const
{
    scratch.m_queue.clear();
    for (std::uint32_t i = 0; i < scratch.m_symbols.size(); ++i) {
        propose(scratch, i);
    }
    std::make_heap(scratch.m_queue.begin(), scratch.m_queue.end());
}

void BytePairs::mergeAll(Scratch& scratch) const
{
    auto& symbols = scratch.m_symbols;
    auto& queue = scratch.m_queue;
    const auto proposeLater = [&](std::uint32_t position) {
        const std::size_t before = queue.size();
        propose(scratch, position);
        if (queue.size() > before) {
            std::push_heap(queue.begin(), queue.end());
        }
    };
    while (!queue.empty()) {
        std::pop_heap(queue.begin(), queue.end());
        const auto best = queue.back();
        queue.pop_back();
        ++scratch.m_steps;
        auto& left = symbols[best.position];
        if (left.isMerged || left.next == kNone) {
            continue;
        }
        const std::uint32_t rightAt = left.next;
        auto& right = symbols[rightAt];
        const Merge* merge = m_pairs.find(left.id, right.id);
        if (merge == nullptr || merge->id != best.id) {
            continue; // one of the two has merged with somebody else since
        }
        left.id = best.id;
        left.next = right.next;
        right.isMerged = true;
        if (left.next != kNone) {
            symbols[left.next].previous = best.position;
        }
        if (left.previous != kNone) {
            proposeLater(left.previous);
        }
        proposeLater(best.position);
    }
}

} // namespace dubito::tokenizer
