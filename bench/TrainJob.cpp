// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/TrainJob.h"

#include "backend/base/Text.h"
#include "backend/model/Bf16Gemm.h"
#include "backend/model/KnownShapes.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <string_view>

namespace dubito::bench {

namespace {

constexpr std::int64_t kRank = 16;

/// A word of a job and what it may be.
struct Choice {
    std::string_view flag;
    std::string TrainJob::* word;
    std::array<std::string_view, 3> allowed;
};

constexpr std::array kChoices {
    Choice { "--mode", &TrainJob::mode, { "full", "lora" } },
    Choice { "--precision", &TrainJob::precision, { "f32", "bf16" } },
    Choice { "--checkpointing", &TrainJob::recompute, { "off", "on" } },
    Choice { "--frozen", &TrainJob::frozen, { "auto", "f32", "bf16" } },
};

void checkChoice(const TrainJob& job, const Choice& choice)
{
    const std::string& word = job.*choice.word;
    if (word.empty() || std::ranges::find(choice.allowed, word) == choice.allowed.end()) {
        std::string sentence(choice.flag);
        for (const auto allowed : choice.allowed) {
            sentence += allowed.empty() ? "" : (allowed == choice.allowed[0] ? " is " : " or ") + std::string(allowed);
        }
        throw std::runtime_error(sentence);
    }
}

void setNumber(TrainJob& job, const std::string& flag, const std::string& value)
{
    constexpr std::array<std::string_view, 4> kNumbers { "--batch", "--seq", "--threads", "--steps" };
    if (std::ranges::find(kNumbers, flag) == kNumbers.end()) {
        throw std::runtime_error("unknown argument " + flag);
    }
    const auto read = parseInteger(value);
    constexpr std::int64_t kMost = 1'000'000;
    if (!read || *read < 0 || *read > kMost) {
        throw std::runtime_error(flag + " is a whole number from 0 to 1000000, not \"" + value + "\"");
    }
    const std::int64_t number = *read;
    if (flag == "--batch") {
        job.batch = number;
    } else if (flag == "--seq") {
        job.seq = number;
    } else if (flag == "--threads") {
        job.threads = static_cast<int>(number);
    } else {
        job.steps = static_cast<int>(number);
    }
}

} // namespace

TrainJob TrainJob::parse(const Arguments& arguments)
{
    TrainJob job;
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        if (i + 1 == arguments.size()) {
            throw std::runtime_error(arguments[i] + " has no value");
        }
        const auto choice = std::ranges::find(kChoices, arguments[i], &Choice::flag);
        if (choice != kChoices.end()) {
            job.*choice->word = arguments[i + 1];
        } else if (arguments[i] == "--shape") {
            job.shape = arguments[i + 1];
        } else {
            setNumber(job, arguments[i], arguments[i + 1]);
        }
    }
    for (const Choice& choice : kChoices) {
        checkChoice(job, choice);
    }
    if (job.batch < 1 || job.seq < 2 || job.steps < 1) {
        throw std::runtime_error("--batch and --steps must be at least 1, --seq at least 2");
    }
    return job;
}

model::ModelConfig TrainJob::model() const
{
    model::ModelConfig config;
    if (const auto known = model::knownShape(shape)) {
        config = *known;
    } else {
        auto read = model::readModelConfig(shape);
        if (!read) {
            throw std::runtime_error(toText(read.error()));
        }
        config = std::move(*read);
    }
    if (seq > config.maxPositions) {
        throw std::runtime_error("--seq is longer than the " + std::to_string(config.maxPositions) + " positions of the model");
    }
    return config;
}

model::ModelOptions TrainJob::options() const
{
    model::ModelOptions options;
    if (precision == "bf16") {
        if (auto fit = model::checkBf16Products(); !fit) {
            throw std::runtime_error(toText(fit.error()));
        }
        options.products = model::Products::Bf16;
    }
    options.recompute = recompute == "on" ? model::Recompute::On : model::Recompute::Off;
    return options;
}

model::LoraConfig TrainJob::lora() const
{
    using model::LoraTarget;
    model::LoraConfig lora;
    if (mode == "lora") {
        lora.rank = kRank;
        lora.alpha = 2.0 * kRank;
        for (const auto target : { LoraTarget::Query, LoraTarget::Key, LoraTarget::Value, LoraTarget::Output }) {
            lora.targets.set(static_cast<std::size_t>(target));
        }
    }
    return lora;
}

model::FrozenStorage TrainJob::storage() const
{
    return frozen == "bf16" || precision == "bf16" ? model::FrozenStorage::Bf16 : model::FrozenStorage::Full;
}

} // namespace dubito::bench
