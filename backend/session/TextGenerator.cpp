// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/TextGenerator.h"

#include "backend/base/Text.h"
#include "backend/model/IncrementalModel.h"
#include "backend/session/TextStream.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

namespace dubito::session {

namespace {

Result<std::vector<std::int32_t>> encodePrompt(const LoadedModel& model, std::string_view prompt)
{
    auto ids = model.tokenizer.encode(prompt, tokenizer::SpecialTokens::With);
    if (ids.empty() && model.config.bosId && *model.config.bosId < model.config.vocabulary && *model.config.bosId >= 0) {
        ids.push_back(static_cast<std::int32_t>(*model.config.bosId));
    }
    if (ids.empty()) {
        return Error { ErrorCode::Usage,
            "the prompt is empty, and this model has no token to begin a text with; give it a word with --prompt",
            model.folder.string() };
    }
    return ids;
}

/// How many positions the model can see.
std::int64_t contextOf(const model::ModelConfig& config)
{
    return config.slidingWindow ? std::min(config.maxPositions, *config.slidingWindow) : config.maxPositions;
}

/// The positions that this text needs, at most what the model has.
Result<std::int64_t> contextFor(const LoadedModel& model, std::int64_t promptTokens, std::int64_t maxTokens)
{
    const std::int64_t context = contextOf(model.config);
    if (promptTokens >= context) {
        return Error { ErrorCode::Usage,
            fmt::format("the prompt has {} tokens and the model sees {} positions, so there is no room for an answer; "
                        "shorten it by {} tokens at least",
                countToText(promptTokens), countToText(context), countToText(promptTokens - context + 1)),
            model.folder.string() };
    }
    return std::min(context, promptTokens + std::min(maxTokens, context));
}

} // namespace

std::string_view toWord(GenerationEnd end)
{
    constexpr std::array<std::string_view, 3> kWords { "end_token", "token_limit", "context_limit" };
    return kWords[static_cast<std::size_t>(end)];
}

Result<Generation> generateText(const LoadedModel& model, std::string_view prompt, const GenerationRules& rules,
    const GenerationTools& tools, const std::function<void(std::string_view piece)>& onText)
{
    const auto ids = encodePrompt(model, prompt);
    if (!ids) {
        return ids.error();
    }
    const auto promptTokens = static_cast<std::int64_t>(ids->size());
    const auto context = contextFor(model, promptTokens, rules.maxTokens);
    if (!context) {
        return context.error();
    }
    auto reader = model::IncrementalModel::create(
        model.config, model.reading(), *context, tools.memory, tools.parallel);
    if (!reader) {
        return reader.error();
    }
    std::vector<float> logits(static_cast<std::size_t>(model.config.vocabulary));
    reader->read(*ids, logits);

    const auto began = tools.clock.now();
    model::TokenSampler sampler(rules.sampling, rules.seed);
    TextStream stream(model.tokenizer, *ids);
    Generation made { .text = {}, .promptTokens = promptTokens };
    const auto say = [&](const std::string& piece) {
        if (!piece.empty()) {
            made.text += piece;
            onText(piece);
        }
    };
    while (made.tokens < rules.maxTokens) {
        const auto id = sampler.choose(logits);
        if (!id) {
            return Error { id.error().code, id.error().message, model.folder.string() };
        }
        if (std::ranges::binary_search(model.endIds, *id)) {
            made.end = GenerationEnd::EndToken;
            break;
        }
        ++made.tokens;
        say(stream.add(*id));
        if (reader->room() == 0) {
            made.end = made.tokens < rules.maxTokens ? GenerationEnd::ContextLimit : GenerationEnd::TokenLimit;
            break;
        }
        if (made.tokens < rules.maxTokens) {
            reader->read({ &*id, 1 }, logits);
        }
    }
    say(stream.finish());
    made.seconds = std::chrono::duration<double>(tools.clock.now() - began).count();
    return made;
}

} // namespace dubito::session
