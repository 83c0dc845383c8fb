// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/Decoder.h"

#include "backend/tokenizer/ByteAlphabet.h"
#include "backend/tokenizer/Normalizer.h"
#include "backend/tokenizer/Utf8.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

namespace dubito::tokenizer {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string joined(const std::vector<std::string>& tokens, std::string_view between)
{
    std::string text;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        text.append(i == 0 ? "" : between).append(tokens[i]);
    }
    return text;
}

/// The bytes that a token spells; a token with a letter of another alphabet stands for itself.
std::string spelledBytes(const std::string& token)
{
    std::string bytes;
    for (std::size_t at = 0; at < token.size();) {
        const Character character = characterAt(token, at);
        const auto byte = byteOfLetter(character.codePoint);
        if (!byte) {
            return token;
        }
        bytes.push_back(static_cast<char>(*byte));
        at += character.bytes;
    }
    return bytes;
}

/// The byte of "<0xE2>".
std::optional<char> byteOfToken(std::string_view token)
{
    if (token.size() != 6 || !token.starts_with("<0x") || !token.ends_with('>')) {
        return std::nullopt;
    }
    unsigned char byte = 0;
    const auto [end, problem] = std::from_chars(token.data() + 3, token.data() + 5, byte, 16);
    return problem == std::errc() && end == token.data() + 5 ? std::optional(static_cast<char>(byte)) : std::nullopt;
}

std::string textOfRun(const std::string& bytes)
{
    if (isWellFormed(bytes)) {
        return bytes;
    }
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        text += kReplacement;
    }
    return text;
}

/// How many bytes `character`, at most `limit` times, takes at the start of `text`.
std::size_t leadingBytes(std::string_view text, std::string_view character, std::size_t limit)
{
    std::size_t bytes = 0;
    while (limit-- > 0 && text.substr(bytes).starts_with(character)) {
        bytes += character.size();
    }
    return bytes;
}

std::size_t trailingBytes(std::string_view text, std::string_view character, std::size_t limit)
{
    std::size_t bytes = 0;
    while (limit-- > 0 && text.substr(0, text.size() - bytes).ends_with(character)) {
        bytes += character.size();
    }
    return bytes;
}

} // namespace

Decoder Decoder::read(const JsonPart& part)
{
    Decoder decoder;
    decoder.m_joinsWithBlanks = part.isNull();
    if (!part.isNull()) {
        decoder.append(part);
    }
    return decoder;
}

void Decoder::append(const JsonPart& part)
{
    constexpr std::int64_t kMostStripped = 1 << 20;
    const std::string type = part.type();
    if (m_steps.size() >= JsonPart::kMostSteps) {
        part.refuse(fmt::format("is one step too many; {} are allowed", JsonPart::kMostSteps));
    } else if (type == "Sequence") {
        for (const JsonPart& step : part.list("decoders")) {
            append(step);
        }
    } else if (type == "ByteLevel") {
        m_steps.emplace_back(ByteLevel {});
    } else if (type == "ByteFallback") {
        m_steps.emplace_back(ByteFallback {});
    } else if (type == "Fuse") {
        m_steps.emplace_back(Fuse {});
    } else if (type == "Strip") {
        m_steps.emplace_back(
            Strip { toUtf8(part.character("content")), static_cast<std::size_t>(part.number("start", kMostStripped)),
                static_cast<std::size_t>(part.number("stop", kMostStripped)) });
    } else if (type == "Replace") {
        m_steps.emplace_back(Replace { readReplacePattern(part), part.insertion("content") });
    } else if (type == "Metaspace") {
        m_steps.emplace_back(Metaspace::read(part));
    } else {
        part.refuse(fmt::format("is a decoder \"{}\", which is not supported", type));
    }
}

std::string Decoder::decode(std::vector<std::string> tokens) const
{
    for (const Step& step : m_steps) {
        std::visit([&](const auto& one) { run(one, tokens); }, step);
    }
    return joined(tokens, m_joinsWithBlanks ? " " : "");
}

void Decoder::run(const ByteLevel&, Tokens& tokens)
{
    std::string bytes;
    for (const auto& token : tokens) {
        bytes += spelledBytes(token);
    }
    tokens.assign(1, repaired(bytes));
}

void Decoder::run(const ByteFallback&, Tokens& tokens)
{
    Tokens texts;
    std::string bytes;
    const auto endRun = [&] {
        if (!bytes.empty()) {
            texts.push_back(textOfRun(std::exchange(bytes, {})));
        }
    };
    for (auto& token : tokens) {
        if (const auto byte = byteOfToken(token)) {
            bytes.push_back(*byte);
        } else {
            endRun();
            texts.push_back(std::move(token));
        }
    }
    endRun();
    tokens = std::move(texts);
}

void Decoder::run(const Fuse&, Tokens& tokens) { tokens.assign(1, joined(tokens, "")); }

void Decoder::run(const Strip& step, Tokens& tokens)
{
    for (auto& token : tokens) {
        token.erase(0, leadingBytes(token, step.character, step.start));
        token.erase(token.size() - trailingBytes(token, step.character, step.stop));
    }
}

void Decoder::run(const Replace& step, Tokens& tokens)
{
    for (auto& token : tokens) {
        replaceAll(token, step.pattern, step.content, mostBytes(token.size()));
    }
}

void Decoder::run(const Metaspace& step, Tokens& tokens)
{
    const Pattern mark = Pattern::literal(step.mark);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const bool isDropped = i == 0 && step.scheme != PrependScheme::Never;
        replaceAll(tokens[i], mark, isDropped ? "" : " ", mostBytes(tokens[i].size()));
    }
}

} // namespace dubito::tokenizer
