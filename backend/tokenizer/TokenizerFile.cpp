// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/TokenizerFile.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Text.h"
#include "backend/tokenizer/Utf8.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace dubito::tokenizer {

namespace {

constexpr std::size_t kLargestFile = std::size_t { 64 } << 20; ///< the largest published one has 33 MiB
constexpr int kDeepest = 32;                                   ///< published files have 7

TokenizerFile readParts(const JsonPart& file)
{
    TokenizerFile parts;
    parts.normalizer = Normalizer::read(file.at("normalizer"));
    parts.preTokenizer = PreTokenizer::read(file.at("pre_tokenizer"));
    parts.decoder = Decoder::read(file.at("decoder"));
    parts.model = BytePairs::read(file.at("model"));
    if (file.isRefused()) {
        return parts;
    }
    parts.addedTokens = AddedTokens::read(file, parts.model.vocabulary(), parts.normalizer);
    parts.postProcessor = PostProcessor::read(file.at("post_processor"), [&](std::int64_t id) {
        const auto known = static_cast<std::int32_t>(id);
        return parts.addedTokens.find(known) != nullptr || parts.model.vocabulary().tokenOf(known) != nullptr;
    });
    return parts;
}

} // namespace

Result<TokenizerFile> readTokenizerFile(const std::filesystem::path& path)
{
    auto text = readText(path, kLargestFile);
    if (!text) {
        return Error { text.error().code == ErrorCode::NotFound ? ErrorCode::NotFound : ErrorCode::Model,
            text.error().message, path.string() };
    }
    return parseTokenizer(*text, path.string());
}

Result<TokenizerFile> parseTokenizer(std::string_view json, const std::string& where)
{
    if (jsonDepth(json) > kDeepest) {
        return Error { ErrorCode::Model, fmt::format("is nested more than {} levels deep; no tokenizer is", kDeepest),
            where };
    }
    try {
        const auto value = nlohmann::json::parse(json);
        JsonPart::Problem problem;
        const JsonPart file(value, "", problem);
        if (!value.is_object()) {
            return Error { ErrorCode::Model, "is no tokenizer: it must be a JSON object", where };
        }
        TokenizerFile parts = readParts(file);
        if (problem) {
            return Error { ErrorCode::Model, *problem, where };
        }
        return parts;
    } catch (const nlohmann::json::exception& exception) {
        return Error { ErrorCode::Model, fmt::format("is no tokenizer.json: {}", clipped(exception.what(), 200)),
            where };
    } catch (const std::bad_alloc&) {
        return Error { ErrorCode::Memory,
            fmt::format("needs more memory than there is ({})", bytesToText(static_cast<std::int64_t>(json.size()))),
            where };
    }
}

} // namespace dubito::tokenizer
