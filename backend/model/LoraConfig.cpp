// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/LoraConfig.h"

#include "backend/base/Text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace dubito::model {

namespace {

constexpr std::string_view kAllLinear = "all-linear";

/// A target by "q_proj", "self_attn.q_proj" or "model.layers.0.self_attn.q_proj"; the path must be the right one.
std::optional<std::size_t> targetOf(std::string_view word)
{
    for (std::size_t i = 0; i < kLoraTargetCount; ++i) {
        const auto target = static_cast<LoraTarget>(i);
        if (word == shortNameOf(target) || word == moduleOf(target)) {
            return i;
        }
    }
    return std::nullopt;
}

Error noTarget(std::string_view word)
{
    std::vector<std::string_view> known;
    for (std::size_t i = 0; i < kLoraTargetCount; ++i) {
        known.push_back(shortNameOf(static_cast<LoraTarget>(i)));
    }
    return { ErrorCode::Usage,
        fmt::format("{} is no projection that can have an adapter; name some of {}, or {}", dubito::quoted(word),
            fmt::join(known, ", "), kAllLinear),
        "" };
}

} // namespace

double LoraConfig::scale() const
{
    const auto divisor = static_cast<double>(rank);
    return alpha / (isRankStabilised ? std::sqrt(divisor) : divisor);
}

std::array<std::int64_t, 2> shapeOf(const ModelConfig& config, LoraTarget target)
{
    switch (target) {
    case LoraTarget::Query:
        return { config.queryWidth(), config.hidden };
    case LoraTarget::Key:
    case LoraTarget::Value:
        return { config.keyWidth(), config.hidden };
    case LoraTarget::Output:
        return { config.hidden, config.queryWidth() };
    case LoraTarget::Gate:
    case LoraTarget::Up:
        return { config.intermediate, config.hidden };
    default:
        return { config.hidden, config.intermediate };
    }
}

std::int64_t LoraConfig::widestInput(const ModelConfig& config) const
{
    std::int64_t widest = 0;
    for (std::size_t i = 0; i < kLoraTargetCount; ++i) {
        widest = targets[i] ? std::max(widest, shapeOf(config, static_cast<LoraTarget>(i))[1]) : widest;
    }
    return widest;
}

Result<std::bitset<kLoraTargetCount>> parseLoraTargets(std::string_view words)
{
    std::bitset<kLoraTargetCount> targets;
    constexpr std::string_view kBetween = " ,\t\n";
    for (std::size_t begin = words.find_first_not_of(kBetween); begin != words.npos;) {
        const std::size_t end = std::min(words.find_first_of(kBetween, begin), words.size());
        const std::string_view word = words.substr(begin, end - begin);
        if (word == kAllLinear) {
            targets.set();
        } else if (const auto target = targetOf(word)) {
            targets.set(*target);
        } else {
            return noTarget(word);
        }
        begin = words.find_first_not_of(kBetween, end);
    }
    if (targets.none()) {
        return noTarget("");
    }
    return targets;
}

std::string toText(const std::bitset<kLoraTargetCount>& targets)
{
    std::string text;
    for (std::size_t i = 0; i < kLoraTargetCount; ++i) {
        if (targets[i]) {
            text += (text.empty() ? "" : " ") + std::string(shortNameOf(static_cast<LoraTarget>(i)));
        }
    }
    return text;
}

Result<void> checkLoraConfig(const LoraConfig& lora, const ModelConfig& config)
{
    const auto refuse = [](std::string sentence) { return Error { ErrorCode::Usage, std::move(sentence), "" }; };
    if (lora.targets.none()) {
        return noTarget("");
    }
    if (lora.rank < 1) {
        return refuse(fmt::format("the rank of an adapter is {}; it must be 1 or more", lora.rank));
    }
    for (std::size_t i = 0; i < kLoraTargetCount; ++i) {
        const auto target = static_cast<LoraTarget>(i);
        const auto shape = shapeOf(config, target);
        if (lora.has(target) && lora.rank > std::min(shape[0], shape[1])) {
            return refuse(fmt::format("rank {} is more than {} of {} × {} numbers can use; take {} or less", lora.rank,
                shortNameOf(target), shape[0], shape[1], std::min(shape[0], shape[1])));
        }
    }
    if (!std::isfinite(lora.alpha) || lora.alpha <= 0) {
        return refuse(fmt::format("the alpha of an adapter is {}; it must be above 0", lora.alpha));
    }
    if (!(lora.dropout >= 0 && lora.dropout < 1)) {
        return refuse(fmt::format("the dropout of an adapter is {}; it must be from 0 to below 1", lora.dropout));
    }
    return {};
}

} // namespace dubito::model
