// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/AtomicFile.h"
#include "backend/base/Random.h"
#include "backend/base/Text.h"
#include "backend/model/KnownShapes.h"
#include "backend/model/Parameters.h"
#include "backend/model/ShardWriter.h"
#include "bench/Benches.h"

#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>

namespace dubito::bench {

namespace {

namespace fs = std::filesystem;

struct Options {
    std::string shape = "tinyllama-1.1b";
    fs::path output;
    std::uint64_t seed = 42;
    std::uint64_t shardBytes = 500'000'000;
};

std::uint64_t wholeNumber(const std::string& value)
{
    const auto number = parseInteger(value);
    constexpr std::int64_t kMost = 1'000'000'000'000;
    if (!number || *number < 0 || *number > kMost) {
        throw std::runtime_error("a whole number from 0 up is wanted, not \"" + value + "\"");
    }
    return static_cast<std::uint64_t>(*number);
}

Options parse(const Arguments& arguments)
{
    Options options;
    const std::map<std::string, std::function<void(const std::string&)>> setters {
        { "--shape", [&](const std::string& value) { options.shape = value; } },
        { "--output", [&](const std::string& value) { options.output = value; } },
        { "--seed", [&](const std::string& value) { options.seed = wholeNumber(value); } },
        { "--shard-mb", [&](const std::string& value) { options.shardBytes = wholeNumber(value) * 1'000'000; } },
    };
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        const auto setter = setters.find(arguments[i]);
        if (setter == setters.end() || i + 1 == arguments.size()) {
            throw std::runtime_error("unknown or incomplete argument " + arguments[i]);
        }
        setter->second(arguments[i + 1]);
    }
    if (options.output.empty()) {
        throw std::runtime_error("--output DIR is wanted: where the model goes");
    }
    return options;
}

template <typename T>
T orThrow(Result<T> result)
{
    if (!result) {
        throw std::runtime_error(toText(result.error()));
    }
    return std::move(*result);
}

/// Norms 1, biases 0, everything else normal with the deviation of the shape: one parameter at a time.
class RandomNumbers {
public:
    RandomNumbers(const model::ModelConfig& config, std::uint64_t seed)
        : m_deviation(config.initializerRange)
        , m_random(seed)
    {
    }

    std::span<const float> of(const model::TensorPlan& plan)
    {
        const bool isMatrix = plan.shape.size() == 2;
        m_values.assign(static_cast<std::size_t>(plan.count()), plan.name.ends_with(".bias") ? 0.0F : 1.0F);
        for (std::size_t i = 0; isMatrix && i < m_values.size(); ++i) {
            m_values[i] = static_cast<float>(m_deviation * m_random.normal());
        }
        return m_values;
    }

private:
    double m_deviation;
    Random m_random;
    std::vector<float> m_values;
};

void write(const Options& options)
{
    const auto config = model::knownShape(options.shape);
    if (!config) {
        throw std::runtime_error(options.shape + " is no known shape; dubito plan --help names them");
    }
    fs::create_directories(options.output);
    std::vector<model::TensorPlan> plans;
    const auto layout = model::ParameterLayout::of(*config);
    for (const auto& parameter : layout.parameters()) {
        plans.push_back({ parameter.name, parameter.shape, model::Dtype::BF16 });
    }
    RandomNumbers numbers(*config, options.seed);
    const auto bytes = orThrow(model::writeWeightFiles(
        options.output, plans,
        [&](const model::TensorPlan& plan) -> Result<std::span<const float>> { return numbers.of(plan); },
        options.shardBytes));
    if (auto written
        = writeAtomically(options.output / "config.json", model::toConfigJson(*config, model::Dtype::BF16));
        !written) {
        throw std::runtime_error(toText(written.error()));
    }
    // Whose ids are fewer than the shape has rows: that is allowed.
    fs::copy_file(fs::path(DUBITO_SOURCE_DIR) / "resources/tiny/tokenizer.json", options.output / "tokenizer.json",
        fs::copy_options::overwrite_existing);
    std::printf("%s: %lld parameters, %.1f MiB\n", options.output.c_str(),
        static_cast<long long>(model::parameterCount(*config)), static_cast<double>(bytes) / (1 << 20));
}

} // namespace

int runRandomModel(const Arguments& arguments)
{
    try {
        write(parse(arguments));
        return 0;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "dubito-bench model: %s\n", problem.what());
        return 2;
    }
}

} // namespace dubito::bench
