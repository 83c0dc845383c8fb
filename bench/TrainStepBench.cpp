// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Random.h"
#include "backend/memory/TensorPool.h"
#include "backend/model/Gemm.h"
#include "backend/model/LanguageModel.h"
#include "backend/train/AdamW.h"
#include "backend/train/GradientClip.h"
#include "bench/Benches.h"
#include "bench/ProcessUse.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace dubito::bench {

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
    std::string shape = "tiny";
    std::string mode = "full";
    std::string precision = "f32";
    std::int64_t batch = 4;
    std::int64_t seq = 256;
    int threads = 0;
    int steps = 8;
};

Options parse(const Arguments& arguments)
{
    Options options;
    const std::map<std::string, std::function<void(const std::string&)>> setters {
        { "--shape", [&](const std::string& value) { options.shape = value; } },
        { "--mode", [&](const std::string& value) { options.mode = value; } },
        { "--precision", [&](const std::string& value) { options.precision = value; } },
        { "--batch", [&](const std::string& value) { options.batch = std::stoll(value); } },
        { "--seq", [&](const std::string& value) { options.seq = std::stoll(value); } },
        { "--threads", [&](const std::string& value) { options.threads = std::stoi(value); } },
        { "--steps", [&](const std::string& value) { options.steps = std::stoi(value); } },
    };
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        const auto setter = setters.find(arguments[i]);
        if (setter == setters.end() || i + 1 == arguments.size()) {
            throw std::runtime_error("unknown or incomplete argument " + arguments[i]);
        }
        setter->second(arguments[i + 1]);
    }
    if (options.mode != "full" || options.precision != "f32") {
        throw std::runtime_error("only --mode full --precision f32 is built");
    }
    if (options.batch < 1 || options.seq < 2 || options.steps < 1) {
        throw std::runtime_error("--batch and --steps must be at least 1, --seq at least 2");
    }
    return options;
}

model::ModelConfig configOf(const std::string& shape, std::int64_t seq)
{
    model::ModelConfig config;
    config.rmsEps = 1e-5;
    config.maxPositions = std::max<std::int64_t>(seq, 2048);
    config.tiedHead = true;
    config.headDim = 64;
    if (shape == "smollm-135m") {
        config.hidden = 576;
        config.layers = 30;
        config.heads = 9;
        config.kvHeads = 3;
        config.intermediate = 1536;
        config.vocabulary = 49152;
    } else if (shape == "tiny") {
        config.hidden = 256;
        config.layers = 4;
        config.heads = 4;
        config.kvHeads = 2;
        config.intermediate = 688;
        config.vocabulary = 2361;
    } else {
        auto read = model::readModelConfig(shape);
        if (!read) {
            throw std::runtime_error(toText(read.error()));
        }
        config = std::move(*read);
    }
    return config;
}

model::Tensor<float> tensorOf(TensorMemory& memory, std::int64_t count, Category category)
{
    auto tensor = model::Tensor<float>::create(memory, count, category);
    if (!tensor) {
        throw std::runtime_error(toText(tensor.error()));
    }
    std::ranges::fill(tensor->span(), 0.0F);
    return std::move(*tensor);
}

/// A model, its blocks and one batch of random ids, as a trainer holds them.
class Step {
public:
    explicit Step(const Options& options)
        : m_parallel(options.threads)
        , m_model(*model::LanguageModel<float>::create(configOf(options.shape, options.seq), m_pool, m_parallel))
        , m_optimizer(m_model.layout(), {})
        , m_lengths(static_cast<std::size_t>(options.batch), options.seq)
        , m_losses(m_lengths.size())
    {
        const std::int64_t count = m_model.layout().blockSize();
        m_parameters = tensorOf(m_pool, count, Category::Weights);
        m_gradients = tensorOf(m_pool, count, Category::Gradients);
        m_first = tensorOf(m_pool, count, Category::Optimizer);
        m_second = tensorOf(m_pool, count, Category::Optimizer);
        Random random(42);
        for (const auto& parameter : m_model.layout().parameters()) {
            for (std::int64_t i = 0; i < parameter.count; ++i) {
                m_parameters.data()[parameter.offset + i]
                    = parameter.isNormOrBias ? 1.0F : static_cast<float>(0.02 * random.normal());
            }
        }
        for (std::int64_t i = 0; i < options.batch * options.seq; ++i) {
            m_ids.push_back(static_cast<std::int32_t>(
                random.below(static_cast<std::uint64_t>(m_model.config().vocabulary))));
        }
        const double targets = static_cast<double>(options.batch * (options.seq - 1));
        m_coefficients.assign(m_lengths.size(), static_cast<float>(1 / targets));
        m_seq = options.seq;
    }

    int threads() const { return m_parallel.threads(); }

    /// Forward, backward, clip, AdamW.
    void run()
    {
        const model::TokenBatch batch { static_cast<std::int64_t>(m_lengths.size()), m_seq, m_ids, m_lengths, {} };
        const auto done = m_model.lossAndGradients(
            m_parameters.span(), batch, m_coefficients, m_losses, m_gradients.span());
        if (!done) {
            throw std::runtime_error(toText(done.error()));
        }
        const double clip = train::clipFactor(train::globalNorm(m_gradients.span(), m_parallel), 1.0);
        m_optimizer.step({ m_parameters.span(), m_gradients.span(), m_first.span(), m_second.span() }, ++m_number, 1e-4,
            clip, m_parallel);
    }

private:
    memory::TensorPool m_pool;
    Parallel m_parallel;
    model::LanguageModel<float> m_model;
    train::AdamW m_optimizer;
    model::Tensor<float> m_parameters;
    model::Tensor<float> m_gradients;
    model::Tensor<float> m_first;
    model::Tensor<float> m_second;
    std::vector<std::int32_t> m_ids;
    std::vector<std::int64_t> m_lengths;
    std::vector<float> m_coefficients;
    std::vector<model::SequenceLoss> m_losses;
    std::int64_t m_seq = 0;
    std::int64_t m_number = 0;
};

/// So many steps of a unit: 10 keeps one digit behind the point.
double rounded(double value, double stepsPerUnit) { return std::round(value * stepsPerUnit) / stepsPerUnit; }

void measure(const Options& options)
{
    Step step(options);
    step.run(); // first touch of every page
    std::vector<double> milliseconds;
    const UseOfProcessors before;
    const std::int64_t productsBefore = model::productNanoseconds();
    for (int i = 0; i < options.steps; ++i) {
        const auto begin = Clock::now();
        step.run();
        milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
    }
    const auto products = static_cast<double>(model::productNanoseconds() - productsBefore);
    const UseOfProcessors after;
    double total = 0;
    for (const double value : milliseconds) {
        total += value;
    }
    std::ranges::sort(milliseconds);
    const double median = milliseconds[milliseconds.size() / 2];
    nlohmann::ordered_json line;
    line["shape"] = options.shape;
    line["mode"] = options.mode;
    line["batch"] = options.batch;
    line["seq"] = options.seq;
    line["precision"] = options.precision;
    line["threads"] = step.threads();
    line["tokens_per_s"] = rounded(static_cast<double>(options.batch * options.seq) / median * 1e3, 10);
    line["step_ms_median"] = rounded(median, 100);
    line["step_ms_min"] = rounded(milliseconds.front(), 100);
    line["peak_rss_mb"] = rounded(peakResidentMb(), 10);
    line["gemm_share"] = rounded(products / (total * 1e6 * step.threads()), 1000);
    line["other_cpu"] = rounded(othersShare(before, after), 1000);
    line["own_cpu_ms_per_step"] = rounded((after.ownSeconds - before.ownSeconds) * 1e3 / options.steps, 10);
    line["page_faults_per_step"] = (after.pageFaults - before.pageFaults) / options.steps;
    std::printf("%s\n", line.dump().c_str());
}

} // namespace

int runTrainStepBench(const Arguments& arguments)
{
    try {
        measure(parse(arguments));
        return 0;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "dubito-bench train: %s\n", problem.what());
        return 2;
    }
}

} // namespace dubito::bench
