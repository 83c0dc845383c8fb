// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/PreTokenizer.h"

#include "backend/base/Check.h"
#include "backend/tokenizer/ByteAlphabet.h"
#include "backend/tokenizer/Utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace dubito::tokenizer {

namespace {

/// The pattern of GPT-2, which ByteLevel applies unless use_regex is false.
constexpr std::string_view kGpt2 = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

struct BehaviourWord {
    std::string_view word;
    SplitBehaviour behaviour;
};
constexpr std::array kBehaviours {
    BehaviourWord { "Removed", SplitBehaviour::Removed },
    BehaviourWord { "Isolated", SplitBehaviour::Isolated },
    BehaviourWord { "MergedWithPrevious", SplitBehaviour::MergedWithPrevious },
    BehaviourWord { "MergedWithNext", SplitBehaviour::MergedWithNext },
    BehaviourWord { "Contiguous", SplitBehaviour::Contiguous },
};

SplitBehaviour readBehaviour(const JsonPart& part)
{
    const std::string word = part.text("behavior");
    for (const auto& row : kBehaviours) {
        if (row.word == word) {
            return row.behaviour;
        }
    }
    part.at("behavior").refuse(fmt::format("is \"{}\", which is not supported", word));
    return SplitBehaviour::Isolated;
}

/// Cuts every piece at the matches that `addMatches(piece, splits)` finds in it.
template <typename AddMatches>
void cutEach(Pieces& pieces, SplitBehaviour behaviour, AddMatches addMatches)
{
    Splits splits;
    std::vector<TextRange> cut;
    cut.reserve(pieces.ranges.size());
    for (std::size_t i = 0; i < pieces.ranges.size(); ++i) {
        const std::string_view piece = pieces.piece(i);
        const std::size_t first = cut.size();
        addMatches(piece, splits);
        splits.settle(behaviour, piece.size(), cut);
        for (std::size_t k = first; k < cut.size(); ++k) {
            cut[k].begin += pieces.ranges[i].begin;
            cut[k].end += pieces.ranges[i].begin;
        }
    }
    pieces.ranges = std::move(cut);
}

/// Writes the text anew: `rewrite(text, index)` appends what becomes of the piece `index`.
template <typename Rewrite>
void rewriteEach(Pieces& pieces, Rewrite rewrite)
{
    std::string text;
    text.reserve(pieces.text.size() + pieces.text.size() / 2);
    std::vector<TextRange> ranges = pieces.ranges;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        const std::size_t begin = text.size();
        rewrite(text, i);
        ranges[i] = { begin, text.size() };
    }
    pieces.beginsText = pieces.beginsText && !pieces.ranges.empty() && pieces.ranges.front().begin == 0;
    pieces.text = std::move(text);
    pieces.ranges = std::move(ranges);
}

bool isFirst(const Pieces& pieces, std::size_t index)
{
    return pieces.beginsText && index == 0 && pieces.ranges[index].begin == 0;
}

} // namespace

Metaspace Metaspace::read(const JsonPart& part)
{
    constexpr std::array kWords { std::pair { std::string_view("always"), PrependScheme::Always },
        std::pair { std::string_view("first"), PrependScheme::First },
        std::pair { std::string_view("never"), PrependScheme::Never } };
    Metaspace metaspace { .mark = toUtf8(part.character("replacement")) };
    std::optional<PrependScheme> said;
    if (part.has("prepend_scheme")) {
        const std::string word = part.text("prepend_scheme");
        for (const auto& [name, scheme] : kWords) {
            if (name == word) {
                said = scheme;
            }
        }
        if (!said) {
            part.at("prepend_scheme").refuse(fmt::format("is \"{}\"; always, first and never are known", word));
        }
    }
    const PrependScheme older = part.isOnUnlessSaid("add_prefix_space") ? PrependScheme::Always : PrependScheme::Never;
    if (older == PrependScheme::Never && said && said != PrependScheme::Never) {
        part.refuse("says add_prefix_space false, but its prepend_scheme prepends");
    }
    metaspace.scheme = said.value_or(older);
    metaspace.splits = part.isOnUnlessSaid("split");
    return metaspace;
}

PreTokenizer PreTokenizer::read(const JsonPart& part)
{
    PreTokenizer preTokenizer;
    if (!part.isNull()) {
        preTokenizer.append(part);
    }
    return preTokenizer;
}

void PreTokenizer::appendByteLevel(const JsonPart& part)
{
    const auto spells = [](const Step& step) { return std::holds_alternative<SpellBytes>(step); };
    if (std::any_of(m_steps.begin(), m_steps.end(), spells)) {
        part.refuse("is a second ByteLevel: bytes are spelled once");
        return;
    }
    if (part.isOnUnlessSaid("add_prefix_space")) {
        m_steps.emplace_back(LeadingBlank {});
    }
    if (part.isOnUnlessSaid("use_regex")) {
        auto pattern = Pattern::regex(kGpt2);
        CHECK(pattern.hasValue(), "the pattern of GPT-2 does not compile");
        m_steps.emplace_back(Split { .pattern = std::move(*pattern) });
    }
    m_steps.emplace_back(SpellBytes {});
}

void PreTokenizer::append(const JsonPart& part)
{
    const std::string type = part.type();
    if (m_steps.size() >= JsonPart::kMostSteps) {
        part.refuse(fmt::format("is one step too many; {} are allowed", JsonPart::kMostSteps));
    } else if (type == "Sequence") {
        for (const JsonPart& step : part.list("pretokenizers")) {
            append(step);
        }
    } else if (type == "Split") {
        Pattern pattern = Pattern::read(part.at("pattern"));
        m_steps.emplace_back(Split { std::move(pattern), readBehaviour(part), part.isOn("invert") });
    } else if (type == "ByteLevel") {
        appendByteLevel(part);
    } else if (type == "Metaspace") {
        m_steps.emplace_back(Metaspace::read(part));
    } else if (type == "Digits") {
        m_steps.emplace_back(
            Digits { part.isOn("individual_digits") ? SplitBehaviour::Isolated : SplitBehaviour::Contiguous });
    } else {
        part.refuse(fmt::format("is a pre-tokenizer \"{}\", which is not supported", type));
    }
}

bool PreTokenizer::apply(Pieces& pieces) const
{
    bool isWhole = true;
    for (const Step& step : m_steps) {
        isWhole = std::visit([&](const auto& one) { return run(one, pieces); }, step) && isWhole;
    }
    return isWhole;
}

bool PreTokenizer::run(const Split& step, Pieces& pieces)
{
    Finder finder(step.pattern);
    cutEach(pieces, step.behaviour, [&](std::string_view piece, Splits& splits) {
        finder.eachMatch(piece, [&](TextRange match) { splits.addMatch(match); });
        if (step.isInverted) {
            splits.invert(piece.size());
        }
    });
    return !finder.gaveUp();
}

bool PreTokenizer::run(const LeadingBlank&, Pieces& pieces)
{
    rewriteEach(pieces, [&](std::string& text, std::size_t index) {
        const std::string_view piece = pieces.piece(index);
        text.append(piece.starts_with(' ') ? "" : " ").append(piece);
    });
    return true;
}

bool PreTokenizer::run(const SpellBytes&, Pieces& pieces)
{
    rewriteEach(pieces, [&](std::string& text, std::size_t index) { appendSpelled(text, pieces.piece(index)); });
    return true;
}

bool PreTokenizer::run(const Metaspace& step, Pieces& pieces)
{
    rewriteEach(pieces, [&](std::string& text, std::size_t index) {
        const std::string_view piece = pieces.piece(index);
        const bool isMarked = piece.starts_with(' ') || piece.starts_with(step.mark);
        const bool isDue
            = step.scheme == PrependScheme::Always || (step.scheme == PrependScheme::First && isFirst(pieces, index));
        text.append(isDue && !isMarked ? step.mark : "");
        for (const char c : piece) {
            c == ' ' ? text.append(step.mark) : text.append(1, c);
        }
    });
    if (step.splits) {
        const Pattern mark = Pattern::literal(step.mark);
        Finder finder(mark);
        cutEach(pieces, SplitBehaviour::MergedWithNext, [&](std::string_view piece, Splits& splits) {
            finder.eachMatch(piece, [&](TextRange match) { splits.addMatch(match); });
        });
    }
    return true;
}

bool PreTokenizer::run(const Digits& step, Pieces& pieces)
{
    cutEach(pieces, step.behaviour, [](std::string_view piece, Splits& splits) {
        for (std::size_t at = 0; at < piece.size();) {
            const Character character = characterAt(piece, at);
            if (isNumeric(character.codePoint)) {
                splits.addMatch({ at, at + character.bytes });
            }
            at += character.bytes;
        }
    });
    return true;
}

} // namespace dubito::tokenizer
